#include "model/network.h"

#include <sstream>

#include "common/error.h"
#include "device/torch.h"
#include "model/colour_net.h"
#include "model/module_weights.h"
#include "model/red_net.h"
#include "model/restorer.h"

namespace model {
namespace {

template <class T>
std::shared_ptr<Network> fresh(const NetworkConfig& config, uint64_t seed) {
  auto network = std::make_shared<T>(config);
  draw_weights(*network, seed);
  return network;
}

}  // namespace

at::Tensor damage_probability(const Restoration& restoration) {
  const at::Tensor& logits = restoration.damage_logits;
  return logits.defined() ? at::sigmoid(logits) : at::zeros_like(restoration.luma);
}

void require_fitting(const at::Tensor& aged, const at::Tensor& known_damage, int64_t multiple) {
  std::ostringstream message;
  const bool fits = aged.dim() == 4 && aged.size(1) == 1 && aged.size(2) > 0 && aged.size(3) > 0 &&
                    aged.size(2) % multiple == 0 && aged.size(3) % multiple == 0;
  if (!fits) {
    message << "the network takes [N,1,H,W] with H and W multiples of " << multiple << ", got "
            << aged.sizes() << "; pad the picture";
  } else if (known_damage.defined() && known_damage.sizes() != aged.sizes()) {
    message << "the known damage has the shape " << known_damage.sizes() << ", the picture "
            << aged.sizes() << "; they must be equal";
  } else {
    return;
  }
  throw common::internal_error(message.str());
}

void require_no_gradients() {
  common::check(!at::GradMode::is_enabled(),
                "this network was prepared for inference: it passes no gradients on; call it "
                "without them, or train another one");
}

std::shared_ptr<Network> make_network(const NetworkConfig& config, uint64_t seed) {
  config.validate();  // no other names pass
  if (config.name == "red") return fresh<RedNet>(config, seed);
  if (config.name == "colour") return fresh<ColourNet>(config, seed);
  return fresh<Restorer>(config, seed);
}

}  // namespace model
