#include "dataset/ageing/fading.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "dataset/ageing/ranges.h"

namespace dataset::ageing {
namespace {

constexpr int kCurveSteps = 1024;
/// Tone for 0, 1/1024 .. 1, and for 1 twice, so that interpolation never reads past the end.
using Curve = std::array<float, kCurveSteps + 2>;

Curve tone_curve(double black, double white, double gamma) {
  Curve curve;
  for (int i = 0; i < kCurveSteps + 2; ++i) {
    const double level = std::min(1.0, static_cast<double>(i) / kCurveSteps);
    curve[static_cast<size_t>(i)] =
        static_cast<float>(black + (white - black) * std::pow(level, gamma));
  }
  return curve;
}

float look_up(const Curve& curve, float level) {
  const float place = std::clamp(level, 0.0F, 1.0F) * kCurveSteps;
  const auto i = static_cast<size_t>(place);
  return curve[i] + (curve[i + 1] - curve[i]) * (place - static_cast<float>(i));
}

}  // namespace

void Fading::validate() const {
  check_probability("fading.probability", probability);
  check_range("fading.black_lift", black_lift, 0, 0.5);
  check_range("fading.white_drop", white_drop, 0, 0.45);
  check_range("fading.gamma", gamma, 0.2, 5);
  check_range("fading.vignette", vignette, 0, 1);
  check_probability("fading.bleached_edges", bleached_edges);
  check_range("fading.strength", strength, 0, 1);
}

void apply(const Fading& fading, Canvas& canvas, common::KeyedRandom& random) {
  // One strength for all: where black has hardly faded, white has not, either.
  const double strength = draw(fading.strength, random);
  const double black = strength * draw(fading.black_lift, random);
  const double white = 1 - strength * draw(fading.white_drop, random);
  const Curve curve = tone_curve(black, white, std::pow(draw(fading.gamma, random), strength));
  const auto vignette = static_cast<float>(strength * draw(fading.vignette, random));
  const auto edge = static_cast<float>(random.chance(fading.bleached_edges) ? white : black);

  const float middle_x = 0.5F * static_cast<float>(canvas.gray.width);
  const float middle_y = 0.5F * static_cast<float>(canvas.gray.height);
  const float corner2 = middle_x * middle_x + middle_y * middle_y;
  for (int y = 0; y < canvas.gray.height; ++y) {
    float* row = canvas.gray.row(y);
    const float dy = static_cast<float>(y) + 0.5F - middle_y;
    for (int x = 0; x < canvas.gray.width; ++x) {
      const float dx = static_cast<float>(x) + 0.5F - middle_x;
      const float r2 = (dx * dx + dy * dy) / corner2;
      const float tone = look_up(curve, row[x]);
      row[x] = tone + (edge - tone) * vignette * r2 * r2;  // r^4: a flat middle, 1 in the corners
    }
  }
}

}  // namespace dataset::ageing
