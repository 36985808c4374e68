#include "model/pull_push.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/avg_pool2d.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/stack.h>

#include <algorithm>

namespace model {
namespace {

constexpr double kLeastConfidence = 1e-4;  // below, a mean fades to mid gray

/// Twice the length along `dim`, between the pixels by their distance. In two directions that is
/// at::upsample_bilinear2d, whose derivative on a GPU sums in no fixed order.
at::Tensor doubled(const at::Tensor& x, int64_t dim) {
  const int64_t last = x.size(dim) - 1;
  const at::Tensor before = at::cat({x.narrow(dim, 0, 1), x.narrow(dim, 0, last)}, dim);
  const at::Tensor after = at::cat({x.narrow(dim, 1, last), x.narrow(dim, last, 1)}, dim);
  const at::Tensor own = 0.75 * x;
  return at::stack({own + 0.25 * before, own + 0.25 * after}, dim + 1).flatten(dim, dim + 1);
}

/// As pull_push, of a picture about 0.
at::Tensor interpolated(const at::Tensor& picture, const at::Tensor& confidence) {
  const int64_t height = picture.size(2), width = picture.size(3);
  if (std::min(height, width) < 2) return picture;
  const at::Tensor weight = halved(confidence);
  const at::Tensor mean = halved(picture * confidence) / (weight + kLeastConfidence);
  // One trusted pixel of the four is enough to trust their mean.
  const at::Tensor coarse = interpolated(mean, (4 * weight).clamp_max(1));
  const at::Tensor enlarged =
      doubled(doubled(coarse, 2), 3).narrow(2, 0, height).narrow(3, 0, width);
  return confidence * picture + (1 - confidence) * enlarged;
}

}  // namespace

at::Tensor halved(const at::Tensor& x) {
  return at::avg_pool2d(x, {2, 2}, /*stride=*/{2, 2}, /*padding=*/{0, 0}, /*ceil_mode=*/true);
}

at::Tensor pull_push(const at::Tensor& picture, const at::Tensor& confidence) {
  return kMidGray + interpolated(picture - kMidGray, confidence);
}

}  // namespace model
