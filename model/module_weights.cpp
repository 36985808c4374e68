#include "model/module_weights.h"

#include "common/random.h"
#include "model/convolution.h"

namespace model {

void draw_weights(torch::nn::Module& network, uint64_t seed) {
  for (const auto& item : network.named_modules()) {
    if (auto* layer = dynamic_cast<Convolution*>(item.value().get())) {
      layer->draw_weights(common::random_key(item.key(), {seed}));
    }
  }
}

std::vector<device::NamedTensor> named_weights(const torch::nn::Module& network) {
  std::vector<device::NamedTensor> all;
  for (const auto& item : network.named_parameters()) all.push_back({item.key(), item.value()});
  return all;
}

}  // namespace model
