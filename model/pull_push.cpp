#include "model/pull_push.h"

#include <algorithm>

#include "device/torch.h"

namespace model {
namespace {

constexpr double kLeastConfidence = 1e-4;  // below, a mean fades to mid gray

/// Twice as many pixels a side, those of at::upsample_bilinear2d, whose derivative on a GPU sums in
/// no fixed order: each pixel becomes 2x2 equal ones, and then, two times over, every 2x2
/// neighbours their mean.
at::Tensor doubled(const at::Tensor& x) {
  const at::Tensor squares = at::upsample_nearest2d(x, {2 * x.size(2), 2 * x.size(3)});
  const at::Tensor between =
      at::avg_pool2d(squares, {2, 2}, /*stride=*/{1, 1}, /*padding=*/{1, 1}, /*ceil_mode=*/false,
                     /*count_include_pad=*/false);
  return at::avg_pool2d(between, {2, 2}, /*stride=*/{1, 1});
}

/// As pull_push, of a picture about 0.
at::Tensor interpolated(const at::Tensor& picture, const at::Tensor& confidence) {
  const int64_t height = picture.size(2), width = picture.size(3);
  if (std::min(height, width) < 2) return picture;
  const at::Tensor weight = halved(confidence);
  const at::Tensor mean = halved(picture * confidence) / (weight + kLeastConfidence);
  // One trusted pixel of the four is enough to trust their mean.
  const at::Tensor coarse = interpolated(mean, (4 * weight).clamp_max(1));
  const at::Tensor enlarged = doubled(coarse).narrow(2, 0, height).narrow(3, 0, width);
  return confidence * picture + (1 - confidence) * enlarged;
}

/// As interpolated, without what a derivative asks for.
at::Tensor quickly_interpolated(const at::Tensor& picture, const at::Tensor& confidence) {
  const int64_t height = picture.size(2), width = picture.size(3);
  if (std::min(height, width) < 2) return picture;
  at::Tensor weight = halved(confidence);
  const at::Tensor mean = halved(picture * confidence).div_(weight + kLeastConfidence);
  const at::Tensor coarse = quickly_interpolated(mean, weight.mul_(4).clamp_max_(1));
  const at::Tensor enlarged = at::upsample_bilinear2d(
      coarse, {2 * coarse.size(2), 2 * coarse.size(3)}, /*align_corners=*/false);
  return at::lerp(enlarged.narrow(2, 0, height).narrow(3, 0, width), picture, confidence);
}

}  // namespace

at::Tensor halved(const at::Tensor& x) {
  return at::avg_pool2d(x, {2, 2}, /*stride=*/{2, 2}, /*padding=*/{0, 0}, /*ceil_mode=*/true);
}

at::Tensor pull_push(const at::Tensor& picture, const at::Tensor& confidence) {
  return kMidGray + interpolated(picture - kMidGray, confidence);
}

at::Tensor quick_pull_push(const at::Tensor& picture, const at::Tensor& confidence) {
  return quickly_interpolated(picture - kMidGray, confidence).add_(kMidGray);
}

}  // namespace model
