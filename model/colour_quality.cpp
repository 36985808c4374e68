#include "model/colour_quality.h"

#include <cmath>
#include <numbers>
#include <sstream>

#include "common/error.h"
#include "device/torch.h"
#include "model/colour.h"
#include "model/quality.h"

namespace model {
namespace {

// Degrees, as in the paper.
constexpr double kHalfTurn = 180, kTurn = 360;
constexpr double kRadians = std::numbers::pi / kHalfTurn;
constexpr double k25To7 = 6103515625.0;

at::Tensor cos_of(const at::Tensor& degrees) { return at::cos(degrees * kRadians); }
at::Tensor sin_of(const at::Tensor& degrees) { return at::sin(degrees * kRadians); }

at::Tensor pow7_share(const at::Tensor& chroma) {
  const at::Tensor seventh = chroma.pow(7);
  return (seventh / (seventh + k25To7)).sqrt();
}

/// In 0 to 360; 0 of a gray (equation 7).
at::Tensor hue(const at::Tensor& a, const at::Tensor& b) {
  const at::Tensor angle = at::atan2(b, a) / kRadians;
  return at::where(angle < 0, angle + kTurn, angle);
}

/// From one hue to the other the shorter way, -180 to 180 (equation 10).
at::Tensor hue_step(const at::Tensor& from, const at::Tensor& to) {
  const at::Tensor step = to - from;
  return step - kTurn * (step > kHalfTurn) + kTurn * (step < -kHalfTurn);
}

/// Halfway along the shorter arc (equation 14).
at::Tensor mean_hue(const at::Tensor& one, const at::Tensor& other) {
  const at::Tensor sum = one + other;
  const at::Tensor over_zero = at::where(sum < kTurn, sum + kTurn, sum - kTurn);
  return at::where((one - other).abs() > kHalfTurn, over_zero, sum) / 2;
}

/// Equation 15.
at::Tensor hue_weight(const at::Tensor& mean_hue) {
  return 1 - 0.17 * cos_of(mean_hue - 30) + 0.24 * cos_of(2 * mean_hue) +
         0.32 * cos_of(3 * mean_hue + 6) - 0.20 * cos_of(4 * mean_hue - 63);
}

/// R_T, equations 16, 17 and 21: chroma and hue are no independent directions in the blue.
at::Tensor rotation(const at::Tensor& mean_hue, const at::Tensor& mean_chroma) {
  const at::Tensor angle = 30 * at::exp(-((mean_hue - 275) / 25).square());
  return -2 * pow7_share(mean_chroma) * sin_of(2 * angle);
}

void require_colours(const at::Tensor& picture, const char* function) {
  if (picture.dim() >= 3 && picture.size(-3) == 3) return;
  std::ostringstream message;
  message << function << " takes three channels, [3,H,W], got " << picture.sizes();
  throw common::internal_error(message.str());
}

void require_equal(const at::Tensor& a, const at::Tensor& b, const char* function) {
  require_colours(a, function);
  if (a.sizes() == b.sizes()) return;
  std::ostringstream message;
  message << function << " takes two equal shapes, got " << a.sizes() << " and " << b.sizes();
  throw common::internal_error(message.str());
}

}  // namespace

at::Tensor ciede2000(const at::Tensor& lab_a, const at::Tensor& lab_b) {
  require_equal(lab_a, lab_b, "ciede2000");
  const at::Tensor one = lab_a.to(at::kDouble), other = lab_b.to(at::kDouble);
  const at::Tensor b1 = one.select(-3, 2), b2 = other.select(-3, 2);
  const at::Tensor mean_ab_chroma =
      (at::hypot(one.select(-3, 1), b1) + at::hypot(other.select(-3, 1), b2)) / 2;
  const at::Tensor stretch = 1 + 0.5 * (1 - pow7_share(mean_ab_chroma));
  const at::Tensor a1 = stretch * one.select(-3, 1), a2 = stretch * other.select(-3, 1);
  const at::Tensor chroma1 = at::hypot(a1, b1), chroma2 = at::hypot(a2, b2);
  const at::Tensor hue1 = hue(a1, b1), hue2 = hue(a2, b2);

  const at::Tensor lightness_step = other.select(-3, 0) - one.select(-3, 0);
  const at::Tensor chroma_step = chroma2 - chroma1;
  // 0 if one of the two is gray. All that is made of hues is multiplied by it, so that the paper's
  // rules for the hue of a gray are not needed.
  const at::Tensor hue_distance = 2 * (chroma1 * chroma2).sqrt() * sin_of(hue_step(hue1, hue2) / 2);

  const at::Tensor from_mid = ((one.select(-3, 0) + other.select(-3, 0)) / 2 - 50).square();
  const at::Tensor chroma = (chroma1 + chroma2) / 2;
  const at::Tensor h = mean_hue(hue1, hue2);
  const at::Tensor l_part = lightness_step / (1 + 0.015 * from_mid / (20 + from_mid).sqrt());
  const at::Tensor c_part = chroma_step / (1 + 0.045 * chroma);
  const at::Tensor h_part = hue_distance / (1 + 0.015 * chroma * hue_weight(h));
  return (l_part.square() + c_part.square() + h_part.square() +
          rotation(h, chroma) * c_part * h_part)
      .clamp_min(0)
      .sqrt();
}

double mean_ciede2000(const at::Tensor& rgb_a, const at::Tensor& rgb_b) {
  require_equal(rgb_a, rgb_b, "mean_ciede2000");
  return ciede2000(lab_of(eight_bit(rgb_a) / 255), lab_of(eight_bit(rgb_b) / 255))
      .mean()
      .item<double>();
}

double colourfulness(const at::Tensor& rgb) {
  require_colours(rgb, "colourfulness");
  const at::Tensor levels = eight_bit(rgb);
  const at::Tensor red = levels.select(-3, 0), green = levels.select(-3, 1);
  const at::Tensor rg = red - green, yb = (red + green) / 2 - levels.select(-3, 2);
  const auto mean = [](const at::Tensor& x) { return x.mean().item<double>(); };
  const auto variance = [](const at::Tensor& x) {
    return x.var(/*unbiased=*/false).item<double>();
  };
  return std::sqrt(variance(rg) + variance(yb)) + 0.3 * std::hypot(mean(rg), mean(yb));
}

}  // namespace model
