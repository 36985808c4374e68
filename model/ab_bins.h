#pragma once

#include "device/torch.h"

namespace model {

/// Colours are classes: bins of 10 in a and b of CIELAB that sRGB can show, in Zhang et al., 2016,
/// arXiv 1603.08511, section 2.1. All functions here take the bins, so that they can be tested with
/// two.
constexpr double kBinSize = 10;
constexpr int64_t kNumAbBins = 313;
constexpr int64_t kEncodingNeighbours = 5;
constexpr double kEncodingSigma = 5;
constexpr double kTemperature = 0.38;

/// The 313 centres, ascending by a, then by b: the multiples of 10 less than 10, in a and in b
/// alike, from the convex hull of the sRGB gamut in the ab plane. This rule is found, not the
/// paper's (which only says "in gamut"): of those tried it alone gives the 313 of the paper's
/// published list, all equal. 233 multiples lie in the hull itself, and 8-bit colours round to 261
/// of them. Shapes: returns [313,2] float32, a and b.
at::Tensor in_gamut_ab_bins();

/// The bin whose centre is nearest.
/// Shapes: ab [N,2,H,W], bins [Q,2]; returns [N,H,W] int64.
at::Tensor nearest_bin(const at::Tensor& ab, const at::Tensor& bins);

/// A distribution over the bins for each pixel: its 5 nearest bins, weighted by a Gaussian of their
/// distance with sigma 5, sum 1. Which of equally distant bins is the fifth is left open.
/// Shapes: ab [N,2,H,W], bins [Q,2]; returns [N,Q,H,W]. Memory: N*Q*H*W floats three times over, so
/// it is meant for the network's quarter scale.
/// Throws Error(internal) if there are fewer than 5 bins.
/// Source: section 2.1, "soft-encoding".
at::Tensor soft_encoding(const at::Tensor& ab, const at::Tensor& bins);

/// The mean colour of a distribution sharpened by temperature: 1 gives the mean, towards 0 the
/// mode. Shapes: logits [N,Q,H,W], bins [Q,2]; returns ab [N,2,H,W]. Source: equation 5 (0.38 is
/// the paper's choice).
at::Tensor annealed_mean(const at::Tensor& logits, const at::Tensor& bins,
                         double temperature = kTemperature);

}  // namespace model
