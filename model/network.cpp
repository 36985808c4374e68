#include "model/network.h"

#include "common/random.h"
#include "model/layers.h"
#include "model/unet.h"

namespace model {

std::shared_ptr<Network> make_network(const NetworkConfig& config, uint64_t seed) {
  config.validate();  // 'unet' is the only name that passes
  auto network = std::make_shared<UNet>(config);
  for (const auto& item : network->named_modules()) {
    if (auto* layer = dynamic_cast<WeightedLayer*>(item.value().get())) {
      layer->draw_weights(common::random_key(item.key(), {seed}));
    }
  }
  return network;
}

}  // namespace model
