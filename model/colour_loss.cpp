#include "model/colour_loss.h"

#include "common/error.h"
#include "device/torch.h"
#include "model/ab_bins.h"

namespace model {

at::Tensor ab_bin_counts(const at::Tensor& ab, const at::Tensor& bins) {
  return at::bincount(nearest_bin(ab, bins).flatten(), /*weights=*/{}, bins.size(0));
}

at::Tensor colour_prior(const at::Tensor& counts, const at::Tensor& bins) {
  const at::Tensor shares = counts.to(at::kDouble) / counts.sum().to(at::kDouble);
  if (counts.sum().item<double>() <= 0) {
    throw common::config_error("a colour prior needs colours: all of the " +
                               std::to_string(counts.numel()) + " counts are 0");
  }
  const at::Tensor centres = bins.to(at::kDouble);
  const at::Tensor distances =
      (centres.unsqueeze(0) - centres.unsqueeze(1)).square().sum(-1);  // symmetric
  const at::Tensor spread = at::softmax(distances / (-2 * kPriorSigma * kPriorSigma), 0);
  return at::mv(spread, shares);  // column j of spread, which sums to 1, is where bin j goes
}

at::Tensor rebalancing_weights(const at::Tensor& prior, double uniform_share) {
  const at::Tensor p = prior.to(at::kDouble);
  const at::Tensor weights =
      1 / ((1 - uniform_share) * p + uniform_share / static_cast<double>(p.numel()));
  return (weights / (p * weights).sum()).to(at::kFloat);
}

ColourClasses ColourClasses::to(at::Device device) const {
  if (!bins.defined()) return *this;
  return {bins.to(device), weights.to(device)};
}

ColourClasses colour_classes(const at::Tensor& counts) {
  const at::Tensor bins = in_gamut_ab_bins();
  if (counts.dim() != 1 || counts.size(0) != bins.size(0)) {
    throw common::internal_error("expected the counts of " + std::to_string(bins.size(0)) +
                                 " colour bins, got " + std::to_string(counts.numel()));
  }
  return {bins, rebalancing_weights(colour_prior(counts, bins))};
}

at::Tensor colour_loss(const at::Tensor& logits, const at::Tensor& target,
                       const at::Tensor& weights) {
  const at::Tensor cross_entropy = -(target * at::log_softmax(logits, 1)).sum(1);
  return (weights.index({target.argmax(1)}) * cross_entropy).mean();
}

}  // namespace model
