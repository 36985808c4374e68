#pragma once

#include <cstdint>
#include <vector>

#include "device/torch.h"
#include "model/network.h"

namespace model {

/// Fills each Convolution of `network` from a stream keyed by the seed and the layer's name.
/// Other parameters (biases, scales) stay as their layers made them.
void draw_weights(torch::nn::Module& network, uint64_t seed);

/// All parameters under their full names, in order of registration; the tensors are the network's.
std::vector<device::NamedTensor> named_weights(const torch::nn::Module& network);

}  // namespace model
