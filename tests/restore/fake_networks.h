#pragma once

#include <ATen/TensorOperators.h>
#include <ATen/ops/mean.h>
#include <ATen/ops/zeros_like.h>

#include <algorithm>

#include "model/network.h"

namespace restore {

/// Gives back what it is given, and the same as damage logits.
class IdentityNetwork : public model::Network {
 public:
  model::Restoration forward(const at::Tensor& aged) override {
    largest_side = std::max({largest_side, aged.size(2), aged.size(3)});
    ++num_calls;
    return {aged.clone(), aged.clone()};
  }
  int64_t multiple() const override { return 8; }

  int64_t largest_side = 0, num_calls = 0;
};

/// Shifts what it is given so that its mean is 0.5: a tone that depends on all that it sees.
class MeanShiftingNetwork : public IdentityNetwork {
 public:
  model::Restoration forward(const at::Tensor& aged) override {
    return {aged - aged.mean() + 0.5, at::zeros_like(aged)};
  }
};

/// Spoils everything.
class NotANumberNetwork : public IdentityNetwork {
 public:
  model::Restoration forward(const at::Tensor& aged) override {
    return {at::zeros_like(aged) / 0.0, at::zeros_like(aged)};
  }
};

}  // namespace restore
