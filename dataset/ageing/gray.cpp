#include "dataset/ageing/gray.h"

#include <array>
#include <cmath>

#include "common/hardware.h"
#include "dataset/ageing/ranges.h"

namespace dataset::ageing {
namespace {

using Weights = std::array<float, 3>;
constexpr Weights kLuma{imaging::kLumaOfRed, imaging::kLumaOfGreen, imaging::kLumaOfBlue};
constexpr Weights kOrthochromatic{0.02F, 0.58F, 0.40F};  // silver halide without a red sensitiser

/// sRGB's transfer function (IEC 61966-2-1) as tables: std::pow for each pixel would take most of
/// the stage's time.
struct TransferTables {
  static constexpr int kSteps =
      8192;  // fine enough for 8 bit: at most 0.4 levels off in the blacks
  std::array<float, 256> to_linear{};
  std::array<float, kSteps + 1> to_srgb{};

  TransferTables() {
    for (size_t i = 0; i < to_linear.size(); ++i) {
      const double v = static_cast<double>(i) / 255;
      to_linear[i] =
          static_cast<float>(v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4));
    }
    for (size_t i = 0; i < to_srgb.size(); ++i) {
      const double v = static_cast<double>(i) / kSteps;
      to_srgb[i] =
          static_cast<float>(v <= 0.0031308 ? v * 12.92 : 1.055 * std::pow(v, 1 / 2.4) - 0.055);
    }
  }
};

float level(uint8_t byte) { return static_cast<float>(byte); }

Weights draw_film(const Gray& gray, common::KeyedRandom& random) {
  Weights weights = random.chance(gray.orthochromatic) ? kOrthochromatic : kLuma;
  const double jitter = draw(gray.jitter, random);
  float sum = 0;
  for (float& weight : weights) {
    weight *= static_cast<float>(std::exp(jitter * random.normal()));
    sum += weight;
  }
  for (float& weight : weights) weight /= sum;
  return weights;
}

struct Channels {
  const uint8_t *red, *green, *blue;

  explicit Channels(const imaging::Photo& photo)
      : red(photo.rgb.data()),
        green(red + photo.rgb.size() / 3),
        blue(green + photo.rgb.size() / 3) {}
};

RESTORE_TARGET_CLONES void mix_luma(const Channels& rgb, std::vector<float>& out) {
  const Channels from = rgb;  // a copy on the stack, which the writes cannot change: it vectorises
  float* const to = out.data();
  const size_t count = out.size();
  for (size_t i = 0; i < count; ++i) {
    const float sum = kLuma[0] * level(from.red[i]) + kLuma[1] * level(from.green[i]) +
                      kLuma[2] * level(from.blue[i]);
    to[i] = sum * (1.0F / 255);
  }
}

void expose_film(const Channels& rgb, const Weights& film, std::vector<float>& out) {
  static const TransferTables tables;
  for (size_t i = 0; i < out.size(); ++i) {
    const float light = film[0] * tables.to_linear[rgb.red[i]] +
                        film[1] * tables.to_linear[rgb.green[i]] +
                        film[2] * tables.to_linear[rgb.blue[i]];
    const float step = std::min(light, 1.0F) * TransferTables::kSteps + 0.5F;
    out[i] = tables.to_srgb[static_cast<size_t>(step)];
  }
}

}  // namespace

void Gray::validate() const {
  check_probability("gray.probability", probability);
  check_range("gray.jitter", jitter, 0, 1);
  check_probability("gray.orthochromatic", orthochromatic);
}

Canvas expose(const imaging::Photo& photo, const Gray& gray, common::KeyedRandom& random) {
  Canvas canvas(photo.width, photo.height);
  const Channels channels(photo);
  if (random.chance(gray.probability)) {
    expose_film(channels, draw_film(gray, random), canvas.gray.values);
  } else {
    mix_luma(channels, canvas.gray.values);
  }
  return canvas;
}

}  // namespace dataset::ageing
