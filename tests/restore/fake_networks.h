#pragma once

#include <ATen/TensorOperators.h>
#include <ATen/ops/zeros_like.h>

#include <algorithm>

#include "model/network.h"

namespace restore {

/// Gives back what it is given, and the same as damage logits.
class IdentityNetwork : public model::Network {
 public:
  model::Restoration forward(const at::Tensor& aged) override {
    most_pixels = std::max(most_pixels, aged.numel());
    ++num_calls;
    return {aged.clone(), aged.clone()};
  }
  int64_t multiple() const override { return 8; }
  std::vector<model::Weight> weights() const override { return {}; }
  void move_to(at::Device) override {}

  int64_t most_pixels = 0, num_calls = 0;
};

/// Spoils everything.
class NotANumberNetwork : public IdentityNetwork {
 public:
  model::Restoration forward(const at::Tensor& aged) override {
    return {at::zeros_like(aged) / 0.0, at::zeros_like(aged)};
  }
};

}  // namespace restore
