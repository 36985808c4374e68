#pragma once

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full_like.h>
#include <ATen/ops/zeros_like.h>

#include <algorithm>

#include "model/network.h"

namespace restore {

/// Gives back what it is given, and the same as damage logits.
class IdentityNetwork : public model::Network {
 public:
  model::Restoration forward(const at::Tensor& aged, const at::Tensor& /*known_damage*/) override {
    most_pixels = std::max(most_pixels, aged.numel());
    ++num_calls;
    return {aged.clone(), aged.clone(), {}};
  }
  int64_t multiple() const override { return 8; }
  std::vector<model::Weight> weights() const override { return {}; }
  void move_to(at::Device) override {}

  int64_t most_pixels = 0, num_calls = 0;
};

/// Paints one tone where damage is known and marks it; colours everything alike, at a quarter of
/// the resolution.
class PaintingNetwork : public IdentityNetwork {
 public:
  PaintingNetwork(float tone, float blue, float red) : tone_(tone), blue_(blue), red_(red) {}
  model::Restoration forward(const at::Tensor& aged, const at::Tensor& known_damage) override {
    at::Tensor luma = aged.clone();
    at::Tensor logits = at::full_like(aged, -1);
    if (known_damage.defined()) {
      luma.masked_fill_(known_damage > 0.5, tone_);
      logits.masked_fill_(known_damage > 0.5, 1);
    }
    const at::Tensor chroma = at::empty({1, 2, aged.size(2) / 4, aged.size(3) / 4});
    chroma.select(1, 0).fill_(blue_);
    chroma.select(1, 1).fill_(red_);
    return {luma, logits, chroma};
  }

 private:
  float tone_, blue_, red_;
};

/// Spoils everything.
class NotANumberNetwork : public IdentityNetwork {
 public:
  model::Restoration forward(const at::Tensor& aged, const at::Tensor& /*known_damage*/) override {
    return {at::zeros_like(aged) / 0.0, at::zeros_like(aged), {}};
  }
};

}  // namespace restore
