#pragma once

#include <string>

#include "device/torch.h"
#include "model/colour_loss.h"
#include "model/network.h"

namespace model {

/// What training minimises: the weights of the terms, section `loss` of a training configuration.
struct LossConfig {
  double luma = 1.0;
  double psnr = 0.0;
  double damage_emphasis = 3.0;
  double fill = 0.0;
  double gradient = 0.0;
  double damage_bce = 0.1;
  double damage_dice = 0.02;
  double chroma = 0.5;
  double known_damage = 0.25;
  double colour = 1.0;
  std::string colour_prior = {};

  template <class F>
  void fields(F&& field) {
    field("luma", luma, "weight of the Charbonnier distance of luma");
    field(
        "psnr", psnr,
        "weight of the logarithm of luma's squared distance a picture: as much for a picture that "
        "is nearly right as for one that is far off; 0: left out");
    field("damage_emphasis", damage_emphasis, "a wholly damaged pixel counts 1 + this in both");
    field(
        "fill", fill,
        "weight of the logarithm of luma's squared distance over a picture's damaged pixels alone; "
        "0: left out");
    field("gradient", gradient, "weight of the L1 distance of luma's differences; 0: left out");
    field("damage_bce", damage_bce, "weight of the cross entropy of the damage; 0: left out");
    field("damage_dice", damage_dice, "weight of the Dice loss of the damage; 0: left out");
    field("chroma", chroma, "weight of the smooth L1 distance of chroma; 0: left out");
    field("known_damage", known_damage,
          "share of a micro-batch's pictures whose damage the unet is told: it learns to fill by a "
          "given mask");
    field("colour", colour,
          "the colour network's only term: weight of the cross entropy of its classes, rebalanced");
    field("colour_prior", colour_prior,
          "the colour network needs it: how common each class is, a file that restore-prior wrote");
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

/// The weighted sum of the terms below, a scalar; a mean over the batch's pixels or pictures. Terms
/// of what the network does not say are left out: those of damage for `red`, that of chroma for a
/// network without colour. Of a network that classifies colours there is but one, colour_loss of
/// its logits and the clean picture at a quarter of the size; it alone needs `classes`.
/// Throws Error(config) if it lacks them.
at::Tensor restoration_loss(const Restoration& restoration, const Target& target,
                            const LossConfig& config, const ColourClasses& classes = {});

/// What a network is told of the damage: that of the first round(share * N) pictures, and nothing
/// (-1) of the others. Undefined if that is none. Shapes: [N,1,H,W].
at::Tensor known_damage(const at::Tensor& damage, double share);

/// mean(w * sqrt((a - b)^2 + 1e-6)), w = 1 + emphasis * damage.
/// Source: Charbonnier et al., 1994; with this epsilon Lai et al., 2017, arXiv 1710.01992.
at::Tensor charbonnier_loss(const at::Tensor& a, const at::Tensor& b, const at::Tensor& damage,
                            double emphasis);

/// log(mean(w * (a - b)^2) + 1e-3) a picture, then the mean; w as above. A tenth of a dB is worth
/// the same in every picture below 30 dB; without, pictures whose tone cannot be told drown the
/// rest. Source: Chen et al., 2021, arXiv 2105.06086, "PSNR loss".
at::Tensor psnr_loss(const at::Tensor& a, const at::Tensor& b, const at::Tensor& damage,
                     double emphasis);

/// log(sum(damage * (a - b)^2) / (sum(damage) + 1) + 1e-3) a picture, then the mean: a scratch
/// counts as much as a hole, and each by the ratio of its error. The pixel more keeps pictures with
/// hardly any damage from counting as much.
at::Tensor fill_loss(const at::Tensor& a, const at::Tensor& b, const at::Tensor& damage);

/// Mean absolute difference of the vertical and the horizontal forward differences: keeps edges.
at::Tensor gradient_loss(const at::Tensor& a, const at::Tensor& b);

/// Mean of d^2 / (2 beta) for |d| < beta = 0.05, else |d| - beta / 2; `clean` is averaged over the
/// pixels of each of chroma's. Shapes: chroma [N,2,h,w], clean [N,2,H,W].
/// Source: Girshick, 2015, arXiv 1504.08083, equation 3, with beta as in PyTorch.
at::Tensor chroma_loss(const at::Tensor& chroma, const at::Tensor& clean);

/// Cross entropy of the damage's opacity, a soft label.
at::Tensor damage_bce_loss(const at::Tensor& logits, const at::Tensor& damage);

/// 1 - (2 sum(p t) + 1) / (sum(p) + sum(t) + 1), the sums over all pixels of the batch. A picture
/// at a time it would press down all probabilities of undamaged pictures: there its derivative by
/// each of them is near 1 while they sum to little.
/// Source: Milletari et al., 2016, arXiv 1606.04797.
at::Tensor damage_dice_loss(const at::Tensor& logits, const at::Tensor& damage);

}  // namespace model
