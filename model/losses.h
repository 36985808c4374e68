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
  double chroma = 0.5;
  double known_damage = 0.25;

  template <class F>
  void fields(F&& field) {
    field("luma", luma, "weight of the Charbonnier distance of luma");
    field("damage_emphasis", damage_emphasis, "a wholly damaged pixel counts 1 + this in it");
    field("gradient", gradient, "weight of the L1 distance of luma's differences; 0: left out");
    field("damage_bce", damage_bce, "weight of the cross entropy of the damage; 0: left out");
    field("damage_dice", damage_dice, "weight of the Dice loss of the damage; 0: left out");
    field("chroma", chroma, "weight of the smooth L1 distance of chroma; 0: left out");
    field("known_damage", known_damage,
          "share of a micro-batch's pictures whose damage the unet is told: it learns to fill by a "
          "given mask");
  }

  /// Throws Error(config).
  void validate() const;
};

/// What a restoration should be.
struct Target {
  at::Tensor luma;    ///< [N,1,H,W] in [0,1]
  at::Tensor chroma;  ///< [N,2,H,W] as of model/chroma.h
  at::Tensor damage;  ///< [N,1,H,W] in [0,1], opacity
};

/// The weighted sum of the terms below, a scalar; a mean over the batch's pixels or pictures. That
/// of chroma is left out if the network does not colour.
at::Tensor restoration_loss(const Restoration& restoration, const Target& target,
                            const LossConfig& config);

/// What a network is told of the damage: that of the first round(share * N) pictures, and nothing
/// (-1) of the others. Undefined if that is none. Shapes: [N,1,H,W].
at::Tensor known_damage(const at::Tensor& damage, double share);

/// mean(w * sqrt((a - b)^2 + 1e-6)), w = 1 + emphasis * damage.
/// Source: Charbonnier et al., 1994; with this epsilon Lai et al., 2017, arXiv 1710.01992.
at::Tensor charbonnier_loss(const at::Tensor& a, const at::Tensor& b, const at::Tensor& damage,
                            double emphasis);

/// Mean absolute difference of the vertical and the horizontal forward differences: keeps edges.
at::Tensor gradient_loss(const at::Tensor& a, const at::Tensor& b);

/// Mean of d^2 / (2 beta) for |d| < beta = 0.05, else |d| - beta / 2; `clean` is averaged over the
/// pixels of each of chroma's. Shapes: chroma [N,2,h,w], clean [N,2,H,W].
/// Source: Girshick, 2015, arXiv 1504.08083, equation 3, with beta as in PyTorch.
at::Tensor chroma_loss(const at::Tensor& chroma, const at::Tensor& clean);

/// Cross entropy of the damage's opacity, a soft label.
at::Tensor damage_bce_loss(const at::Tensor& logits, const at::Tensor& damage);

/// 1 - (2 sum(p t) + 1) / (sum(p) + sum(t) + 1) a picture, then the mean: rare damage weighs as
/// much as common.
/// Source: Milletari et al., 2016, arXiv 1606.04797.
at::Tensor damage_dice_loss(const at::Tensor& logits, const at::Tensor& damage);

}  // namespace model
