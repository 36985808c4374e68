#pragma once

#include <cstdint>

#include "model/network.h"

namespace worker {

/// Floating-point operations of the convolutions in training on one sample of `side` x `side`
/// pixels; a multiply-add counts as two. Includes forward and the gradients of inputs and weights
/// as far as they are computed: not that of the picture, nor those of frozen weights. Other layers
/// are left out. Runs the network forward once to count.
double convolution_flops(model::Network& network, int64_t side);

}  // namespace worker
