#include "dataset/ageing/canvas.h"

#include <algorithm>

namespace dataset::ageing {

namespace {
constexpr double kRecipeShortSide = 512;
}

Canvas::Canvas(int width, int height)
    : gray(width, height), intact(width, height, 1), unit(short_side() / kRecipeShortSide) {}

double Canvas::short_side() const { return std::min(gray.width, gray.height); }

std::vector<uint8_t> to_bytes(const Plane& plane) {
  std::vector<uint8_t> bytes(plane.values.size());
  for (size_t i = 0; i < bytes.size(); ++i) {
    const float level = plane.values[i] * 255.0F + 0.5F;
    bytes[i] = static_cast<uint8_t>(std::clamp(level, 0.0F, 255.0F));
  }
  return bytes;
}

}  // namespace dataset::ageing
