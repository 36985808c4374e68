#include "dataset/ageing/mask.h"

#include <algorithm>
#include <cmath>

namespace dataset::ageing {

namespace {
int clipped(double place, int size) {
  return static_cast<int>(std::clamp(place, 0.0, static_cast<double>(size)));
}
}  // namespace

Mask::Mask(const Plane& picture, double left, double top, double right, double bottom)
    : left_(clipped(std::floor(left), picture.width)),
      top_(clipped(std::floor(top), picture.height)),
      right_(std::max(left_, clipped(std::ceil(right), picture.width))),
      bottom_(std::max(top_, clipped(std::ceil(bottom), picture.height))),
      coverage_(static_cast<size_t>(right_ - left_) * static_cast<size_t>(bottom_ - top_)) {}

double Fill::at(int x, int y) const {
  if (variation == 0) return tone;
  return tone + variation * noise.rough_at(x / feature, y / feature);
}

void lay(Canvas& canvas, const Mask& mask, double alpha, const Fill& fill) {
  for (int y = mask.top(); y < mask.bottom(); ++y) {
    const float* coverage = mask.row(y);
    float* gray = canvas.gray.row(y);
    float* intact = canvas.intact.row(y);
    for (int x = mask.left(); x < mask.right(); ++x) {
      const float covered = coverage[x - mask.left()] * static_cast<float>(alpha);
      if (covered <= 0) continue;
      gray[x] += (static_cast<float>(fill.at(x, y)) - gray[x]) * covered;
      intact[x] *= 1 - covered;
    }
  }
}

}  // namespace dataset::ageing
