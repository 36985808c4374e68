#include "model/network.h"

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

std::shared_ptr<Network> make_network(const NetworkConfig& config, uint64_t seed) {
  config.validate();  // no other names pass
  if (config.name == "red") return fresh<RedNet>(config, seed);
  if (config.name == "colour") return fresh<ColourNet>(config, seed);
  return fresh<Restorer>(config, seed);
}

}  // namespace model
