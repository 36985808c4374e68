#pragma once

#include <ATen/core/Tensor.h>

#include "model/network.h"

namespace model {

/// What training minimises: the weights of the terms, section `loss` of a training configuration.
struct LossConfig {
  double luma = 1.0;
  double damage_emphasis = 3.0;
  double gradient = 0.0;
  double damage_bce = 0.1;
  double damage_dice = 0.02;

  template <class F>
  void fields(F&& field) {
    field("luma", luma, "weight of the Charbonnier distance of luma");
    field("damage_emphasis", damage_emphasis, "a wholly damaged pixel counts 1 + this in it");
    field("gradient", gradient, "weight of the L1 distance of luma's differences; 0: left out");
    field("damage_bce", damage_bce, "weight of the cross entropy of the damage; 0: left out");
    field("damage_dice", damage_dice, "weight of the Dice loss of the damage; 0: left out");
  }

  /// Throws Error(config).
  void validate() const;
};

/// The weighted sum of the terms below, a scalar; a mean over the batch's pixels or pictures.
/// Shapes: clean_luma and damage [N,1,H,W] in [0,1].
at::Tensor restoration_loss(const Restoration& restoration, const at::Tensor& clean_luma,
                            const at::Tensor& damage, const LossConfig& config);

/// mean(w * sqrt((a - b)^2 + 1e-6)), w = 1 + emphasis * damage.
/// Source: Charbonnier et al., 1994; with this epsilon Lai et al., 2017, arXiv 1710.01992.
at::Tensor charbonnier_loss(const at::Tensor& a, const at::Tensor& b, const at::Tensor& damage,
                            double emphasis);

/// Mean absolute difference of the vertical and the horizontal forward differences: keeps edges.
at::Tensor gradient_loss(const at::Tensor& a, const at::Tensor& b);

/// Cross entropy of the damage's opacity, a soft label.
at::Tensor damage_bce_loss(const at::Tensor& logits, const at::Tensor& damage);

/// 1 - (2 sum(p t) + 1) / (sum(p) + sum(t) + 1) a picture, then the mean: rare damage weighs as
/// much as common.
/// Source: Milletari et al., 2016, arXiv 1606.04797.
at::Tensor damage_dice_loss(const at::Tensor& logits, const at::Tensor& damage);

/// Luma of sRGB values, BT.601 at full range: 0.299 R + 0.587 G + 0.114 B.
/// Shapes: rgb [N,3,H,W]; returns [N,1,H,W].
at::Tensor luma_of(const at::Tensor& rgb);

}  // namespace model
