#pragma once

#include <string>

#include "device/torch.h"
#include "model/colour_loss.h"
#include "model/network.h"

namespace model {

/// The weights of the terms of the loss: section `loss` of a training configuration.
struct LossConfig {
  double charbonnier = 1.0;
  double log_mse = 0.0;
  double damage_emphasis = 3.0;
  double masked_log_mse = 0.0;
  double gradient_l1 = 0.0;
  double damage_bce = 0.1;
  double damage_dice = 0.02;
  double chroma = 0.5;
  double known_damage = 0.25;
  double colour = 1.0;
  std::string colour_prior = {};

  template <class F>
  void fields(F&& field) {
    field("charbonnier", charbonnier, "weight of the Charbonnier distance of luma; 0: left out");
    field("log_mse", log_mse,
          "weight of the logarithm of each picture's mean squared error of luma: a picture that is "
          "nearly right counts as much as one that is far off; 0: left out");
    field("damage_emphasis", damage_emphasis,
          "a fully damaged pixel counts 1 + this in the two terms above; -1: not at all");
    field("masked_log_mse", masked_log_mse,
          "the same over each picture's damaged pixels alone; 0: left out");
    field("gradient_l1", gradient_l1,
          "weight of the L1 distance of the differences between neighbouring pixels; 0: left out");
    field("damage_bce", damage_bce, "weight of the cross entropy of the damage; 0: left out");
    field("damage_dice", damage_dice, "weight of the Dice loss of the damage; 0: left out");
    field("chroma", chroma, "weight of the smooth L1 distance of chroma; 0: left out");
    field("known_damage", known_damage,
          "share of a micro-batch's pictures for which the network is given the damage, every "
          "second one grown by a pixel: it learns to use a mask");
    field("colour", colour,
          "weight of the rebalanced cross entropy of the colour network's classes, its only term");
    field("colour_prior", colour_prior,
          "file that restore-prior wrote: how common each colour class is; the colour network "
          "needs it");
  }

  /// Throws Error(config).
  void validate() const;
};

/// What the network should return.
struct Target {
  at::Tensor luma;    ///< [N,1,H,W] in [0,1]
  at::Tensor chroma;  ///< [N,2,H,W] as of model/chroma.h
  at::Tensor damage;  ///< [N,1,H,W] in [0,1], opacity
};

/// The weighted sum of the terms below, a scalar. Each term is a mean over the batch's pixels or
/// pictures. A term is left out if the network has no such output: damage for `red`, chroma for a
/// network without colour. A network that classifies colours has one term only: colour_loss of its
/// logits against the clean picture at a quarter of the size. Only that network needs `classes`.
/// Throws Error(config) if they are missing.
at::Tensor restoration_loss(const Restoration& restoration, const Target& target,
                            const LossConfig& config, const ColourClasses& classes = {});

/// The damage that a network is given as its mask: that of the first round(share * N) pictures, of
/// every second one grown by a pixel, as people paint it; -1 (unknown) for the others. Undefined if
/// the share is no picture at all. Shapes: [N,1,H,W].
at::Tensor known_damage(const at::Tensor& damage, double share);

/// mean(w * sqrt((a - b)^2 + 1e-6)), w = 1 + emphasis * damage.
/// Source: Charbonnier et al., 1994; with this epsilon Lai et al., 2017, arXiv 1710.01992.
at::Tensor charbonnier_loss(const at::Tensor& a, const at::Tensor& b, const at::Tensor& damage,
                            double emphasis);

/// log(mean(w * (a - b)^2) + 1e-3) of each picture, then the mean; w as above. A tenth of a dB is
/// worth the same in every picture below 30 dB. Without the logarithm a few pictures whose tone
/// cannot be known outweigh the rest. Source: Chen et al., 2021, arXiv 2105.06086, "PSNR loss".
at::Tensor log_mse_loss(const at::Tensor& a, const at::Tensor& b, const at::Tensor& damage,
                        double emphasis);

/// log(sum(damage * (a - b)^2) / (sum(damage) + 1) + 1e-3) of each picture, then the mean: a
/// scratch counts as much as a hole. The 1 that is added to the area makes pictures with hardly any
/// damage count less.
at::Tensor masked_log_mse_loss(const at::Tensor& a, const at::Tensor& b, const at::Tensor& damage);

/// Mean absolute difference of the vertical and the horizontal forward differences: keeps edges.
at::Tensor gradient_l1_loss(const at::Tensor& a, const at::Tensor& b);

/// Mean of d^2 / (2 beta) for |d| < beta = 0.05, else |d| - beta / 2; `clean` is averaged over the
/// pixels of each of chroma's. Shapes: chroma [N,2,h,w], clean [N,2,H,W].
/// Source: Girshick, 2015, arXiv 1504.08083, equation 3, with beta as in PyTorch.
at::Tensor chroma_loss(const at::Tensor& chroma, const at::Tensor& clean);

/// Cross entropy of the damage's opacity, a soft label.
at::Tensor damage_bce_loss(const at::Tensor& logits, const at::Tensor& damage);

/// 1 - (2 sum(p t) + 1) / (sum(p) + sum(t) + 1), the sums over all pixels of the batch. Taken per
/// picture it would push every probability of an undamaged picture to zero: there the derivative
/// with respect to each of them is near 1.
/// Source: Milletari et al., 2016, arXiv 1606.04797.
at::Tensor damage_dice_loss(const at::Tensor& logits, const at::Tensor& damage);

}  // namespace model
