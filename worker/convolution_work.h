#pragma once

#include <cstdint>

#include "model/network.h"

namespace worker {

/// Floating-point operations of the convolutions in training on one sample of `side` pixels, a
/// multiply-add counting as two: forward and, as far as they are needed, the gradients of the input
/// and of the weights (neither for the picture itself nor for frozen weights). Counted by running
/// the network forward once; other layers are left out.
double convolution_flops(model::Network& network, int64_t side);

}  // namespace worker
