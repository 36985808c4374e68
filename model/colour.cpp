#include "model/colour.h"

#include <array>
#include <sstream>

#include "common/error.h"
#include "device/torch.h"

namespace model {
namespace {

using Row = std::array<double, 3>;
using Matrix = std::array<Row, 3>;

constexpr Matrix kXyzOfRgb{{{0.412453, 0.357580, 0.180423},
                            {0.212671, 0.715160, 0.072169},
                            {0.019334, 0.119193, 0.950227}}};
// Its inverse.
constexpr Matrix kRgbOfXyz{{{3.2404813432005266, -1.5371515162713183, -0.4985363261688878},
                            {-0.9692549499965682, 1.8759900014898907, 0.04155592655829284},
                            {0.055646639135177166, -0.20404133836651123, 1.0573110696453443}}};
constexpr Row kWhite{0.95047, 1.0, 1.08883};

// The straight part of sRGB's curve, encoded and linear, and that of CIELAB's, linear and encoded.
constexpr double kSrgbKnee = 0.04045, kSrgbKneeLinear = 0.0031308, kSrgbSlope = 12.92;
constexpr double kLabKneeLinear = 0.008856, kLabKnee = 0.2068966, kLabSlope = 7.787;
constexpr double kLabOffset = 16.0 / 116;

// The curved branches are computed where they are not chosen, too; the lower bounds there keep
// their gradients finite.
at::Tensor linear_of_srgb(const at::Tensor& x) {
  const at::Tensor curved = at::pow((x.clamp_min(kSrgbKnee) + 0.055) / 1.055, 2.4);
  return at::where(x > kSrgbKnee, curved, x / kSrgbSlope);
}

at::Tensor srgb_of_linear(const at::Tensor& x) {
  const at::Tensor curved = 1.055 * at::pow(x.clamp_min(kSrgbKneeLinear), 1 / 2.4) - 0.055;
  return at::where(x > kSrgbKneeLinear, curved, x * kSrgbSlope);
}

at::Tensor encoded(const at::Tensor& x) {
  const at::Tensor curved = at::pow(x.clamp_min(kLabKneeLinear), 1.0 / 3);
  return at::where(x > kLabKneeLinear, curved, kLabSlope * x + kLabOffset);
}

at::Tensor decoded(const at::Tensor& x) {
  return at::where(x > kLabKnee, x * x * x, (x - kLabOffset) / kLabSlope);
}

at::Tensor channel_of(const at::Tensor& picture, int64_t i) { return picture.select(-3, i); }

at::Tensor mix(const at::Tensor& picture, const Row& row) {
  return row[0] * channel_of(picture, 0) + row[1] * channel_of(picture, 1) +
         row[2] * channel_of(picture, 2);
}

void require_three_channels(const at::Tensor& picture, const char* function) {
  if (picture.dim() >= 3 && picture.size(-3) == 3 && picture.is_floating_point()) return;
  std::ostringstream message;
  message << function << " takes [..,3,H,W] in floating point, got " << picture.sizes() << ' '
          << picture.scalar_type();
  throw common::internal_error(message.str());
}

}  // namespace

at::Tensor lab_of(const at::Tensor& rgb) {
  require_three_channels(rgb, "lab_of");
  const at::Tensor linear = linear_of_srgb(rgb);
  const at::Tensor x = encoded(mix(linear, kXyzOfRgb[0]) / kWhite[0]);
  const at::Tensor y = encoded(mix(linear, kXyzOfRgb[1]) / kWhite[1]);
  const at::Tensor z = encoded(mix(linear, kXyzOfRgb[2]) / kWhite[2]);
  return at::stack({116 * y - 16, 500 * (x - y), 200 * (y - z)}, -3);
}

// The middle row of the matrix sums to one, so the luminance of a gray is its linear value.
at::Tensor lightness_of(const at::Tensor& gray) { return 116 * encoded(linear_of_srgb(gray)) - 16; }

at::Tensor rgb_of(const at::Tensor& lab) {
  require_three_channels(lab, "rgb_of");
  const at::Tensor y = (channel_of(lab, 0) + 16) / 116;
  const at::Tensor x = y + channel_of(lab, 1) / 500;
  const at::Tensor z = (y - channel_of(lab, 2) / 200).clamp_min(0);
  const at::Tensor xyz =
      at::stack({decoded(x) * kWhite[0], decoded(y) * kWhite[1], decoded(z) * kWhite[2]}, -3);
  const at::Tensor linear =
      at::stack({mix(xyz, kRgbOfXyz[0]), mix(xyz, kRgbOfXyz[1]), mix(xyz, kRgbOfXyz[2])}, -3);
  return srgb_of_linear(linear).clamp(0, 1);
}

}  // namespace model
