#pragma once

#include <string>

#include "model/network.h"

namespace worker {

/// Throws Error(config) with the reason unless `device` computes in `precision`: fp32 anywhere,
/// tf32 on GPUs, bf16 on GPUs and on a processor that multiplies bf16 (AVX512_BF16); without, bf16
/// is an order of magnitude slower than fp32.
void require_precision(const std::string& precision, at::Device device);

/// The network's answer, in float32. With "bf16" its convolutions and products are computed in
/// bfloat16 by LibTorch's autocast; weights and gradients stay float32.
model::Restoration forward_in(const std::string& precision, model::Network& network,
                              const at::Tensor& aged, const at::Tensor& known_damage);

}  // namespace worker
