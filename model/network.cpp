#include "model/network.h"

#include "model/module_weights.h"
#include "model/red_net.h"
#include "model/unet.h"

namespace model {
namespace {

template <class T>
std::shared_ptr<Network> fresh(const NetworkConfig& config, uint64_t seed) {
  auto network = std::make_shared<T>(config);
  draw_weights(*network, seed);
  return network;
}

}  // namespace

std::shared_ptr<Network> make_network(const NetworkConfig& config, uint64_t seed) {
  config.validate();  // 'unet' and 'red' are the only names that pass
  return config.name == "red" ? fresh<RedNet>(config, seed) : fresh<UNet>(config, seed);
}

}  // namespace model
