#pragma once

#include "device/torch.h"

namespace model {

/// Training a colour network by Zhang et al., 2016, arXiv 1603.08511, sections 2.1 and 2.2. Most
/// pixels of photographs are nearly gray; without rebalancing a network learns to say gray. The
/// order is: ab_bin_counts over the training photos (counts add up), colour_classes, then
/// colour_loss a batch.
constexpr double kPriorSigma = 5;
constexpr double kUniformShare = 0.5;  // the paper's lambda

/// How many pixels are nearest to each bin.
/// Shapes: ab [N,2,H,W], bins [Q,2]; returns [Q] int64.
at::Tensor ab_bin_counts(const at::Tensor& ab, const at::Tensor& bins);

/// The counts as probabilities, smoothed over the ab plane: each bin's share is spread over all
/// bins by a Gaussian of their distance with sigma 5, whose weights sum to 1, so that the prior
/// does, too. Shapes: counts [Q], bins [Q,2]; returns [Q] float64. Throws Error(config) if all
/// counts are 0.
at::Tensor colour_prior(const at::Tensor& counts, const at::Tensor& bins);

/// w = 1 / ((1 - share) * prior + share / Q), scaled so that sum(prior * w) = 1: a loss weighted by
/// it is as large as one that is not. Equation 4.
/// Shapes: prior [Q]; returns [Q] float32.
at::Tensor rebalancing_weights(const at::Tensor& prior, double uniform_share = kUniformShare);

/// The classes that a colour network is taught, and how much a pixel of each counts.
struct ColourClasses {
  at::Tensor bins;     ///< [313,2], those of in_gamut_ab_bins()
  at::Tensor weights;  ///< [313], the rebalancing weights of the counts' prior

  ColourClasses to(at::Device device) const;
};

/// Shapes: counts [313]. Throws Error(internal) for another shape, Error(config) if all
/// are 0.
ColourClasses colour_classes(const at::Tensor& counts);

/// Cross entropy of the distributions, each pixel weighted by the weight of its likeliest true bin;
/// the mean over pixels (the paper's equation 2 sums). A scalar.
/// Shapes: logits and target [N,Q,H,W], target as of soft_encoding; weights [Q].
at::Tensor colour_loss(const at::Tensor& logits, const at::Tensor& target,
                       const at::Tensor& weights);

}  // namespace model
