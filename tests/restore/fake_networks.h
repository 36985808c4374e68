#pragma once

#include <algorithm>

#include "device/torch.h"
#include "model/network.h"

namespace restore {

/// Gives back what it is given, and the same as damage logits.
class IdentityNetwork : public model::Network {
 public:
  model::Restoration forward(const at::Tensor& aged, const at::Tensor& /*known_damage*/,
                             const model::DamageRule& /*rule*/) override {
    most_pixels = std::max(most_pixels, aged.numel());
    ++num_calls;
    return {aged.clone(), aged.clone(), {}};
  }
  int64_t multiple() const override { return 8; }
  std::vector<device::NamedTensor> weights() const override { return {{"none", none_}}; }
  void move_to(at::Device) override {}

  int64_t most_pixels = 0, num_calls = 0;

 private:
  at::Tensor none_ = at::empty({1}, at::kFloat);
};

/// Restores as it is told: adds `lighter`, finds damage above a luma and where it is known, and
/// fills it with `tone` or, if that is negative, with the mean of what is not damaged: black if
/// all is.
class MendingNetwork : public IdentityNetwork {
 public:
  struct Says {
    float lighter = 0, tone = -1, damaged_above = 2;
    float certainty = 30;  ///< logit of damage
  };
  explicit MendingNetwork(const Says& says) : says_(says) {}

  model::Restoration forward(const at::Tensor& aged, const at::Tensor& known_damage,
                             const model::DamageRule& rule) override {
    IdentityNetwork::forward(aged, known_damage, rule);
    at::Tensor is_damaged = aged > says_.damaged_above;
    if (known_damage.defined()) {
      is_damaged = at::where(known_damage<0, is_damaged, known_damage> 0.5);
    }
    model::Restoration said;
    said.damage_logits = (2 * is_damaged.to(at::kFloat) - 1) * says_.certainty + rule.shift;
    said.filled = (said.damage_logits >= rule.filled_from).to(at::kFloat);
    if (known_damage.defined()) {
      said.filled = at::where(known_damage < 0, said.filled, known_damage);
    }
    const at::Tensor kept = 1 - said.filled;
    const at::Tensor tone = says_.tone < 0 ? (aged * kept).sum() / (kept.sum() + 1e-6)
                                           : at::full({}, says_.tone, at::kFloat);
    said.luma = kept * (aged + says_.lighter) + said.filled * tone;
    return said;
  }

 private:
  Says says_;
};

/// Colours by the mean of all that it sees: tiles would not agree.
class MoodNetwork : public IdentityNetwork {
 public:
  model::Restoration forward(const at::Tensor& aged, const at::Tensor& known_damage,
                             const model::DamageRule& rule) override {
    model::Restoration said = IdentityNetwork::forward(aged, known_damage, rule);
    said.damage_logits = at::Tensor();
    said.chroma =
        at::zeros({1, 2, aged.size(2) / 4, aged.size(3) / 4}, at::kFloat) + (aged.mean() - 0.5);
    return said;
  }
};

/// Inpaints with one tone what is known as damage, and finds none itself; colours everything alike,
/// at a quarter of the resolution.
class PaintingNetwork : public IdentityNetwork {
 public:
  PaintingNetwork(float tone, float blue, float red) : tone_(tone), blue_(blue), red_(red) {}
  model::Restoration forward(const at::Tensor& aged, const at::Tensor& known_damage,
                             const model::DamageRule& /*rule*/) override {
    at::Tensor logits = at::full_like(aged, -30);
    if (known_damage.defined()) logits.masked_fill_(known_damage > 0.5, 30);
    const at::Tensor chroma = at::empty({1, 2, aged.size(2) / 4, aged.size(3) / 4});
    chroma.select(1, 0).fill_(blue_);
    chroma.select(1, 1).fill_(red_);
    const at::Tensor filled = (logits > 0).to(at::kFloat);
    return {(1 - filled) * aged + filled * tone_, logits, chroma, {}, filled};
  }

 private:
  float tone_, blue_, red_;
};

/// Spoils everything.
class NotANumberNetwork : public IdentityNetwork {
 public:
  model::Restoration forward(const at::Tensor& aged, const at::Tensor& /*known_damage*/,
                             const model::DamageRule& /*rule*/) override {
    return {at::zeros_like(aged) / 0.0, at::zeros_like(aged), {}};
  }
};

}  // namespace restore
