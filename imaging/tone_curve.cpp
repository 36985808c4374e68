#include "imaging/tone_curve.h"

#include <algorithm>
#include <cmath>

#include "imaging/plane.h"

namespace imaging {
namespace {

constexpr int kSteps = 4096;
constexpr float kSameWithin = 0.5F / 255;  // of sRGB's own curve

/// All grays of the colour space as one row of 16 bit, with the picture's profile.
vips::Image gray_ramp(VipsImage* picture, int colours) {
  std::vector<uint16_t> samples;
  for (int i = 0; i <= kSteps; ++i) {
    samples.insert(samples.end(), static_cast<size_t>(colours),
                   static_cast<uint16_t>(i * 65535 / kSteps));
  }
  vips::Image ramp(vips_image_new_from_memory_copy(samples.data(),
                                                   samples.size() * sizeof(uint16_t), kSteps + 1, 1,
                                                   colours, VIPS_FORMAT_USHORT));
  const void* profile = nullptr;
  size_t num_bytes = 0;
  if (!ramp || vips_image_get_blob(picture, VIPS_META_ICC_NAME, &profile, &num_bytes) != 0) {
    return nullptr;
  }
  ramp->Type = colours == 1 ? VIPS_INTERPRETATION_GREY16 : VIPS_INTERPRETATION_RGB16;
  vips_image_set_blob_copy(ramp.get(), VIPS_META_ICC_NAME, profile, num_bytes);
  return ramp;
}

/// sRGB's gray for each of the ramp; empty if the profile cannot be used.
std::vector<float> through_profile(VipsImage* picture, int colours) {
  const vips::Image ramp = gray_ramp(picture, colours);
  VipsImage* out = nullptr;
  if (!ramp ||
      vips_icc_transform(ramp.get(), &out, "srgb", "embedded", TRUE, "depth", 16, nullptr) != 0) {
    return {};
  }
  const vips::Image srgb(out);
  size_t num_bytes = 0;
  const vips::Memory<void> memory(vips_image_write_to_memory(srgb.get(), &num_bytes));
  const int bands = vips_image_get_bands(srgb.get());
  if (!memory || bands < 3 || num_bytes != sizeof(uint16_t) * (kSteps + 1) * size_t(bands))
    return {};
  const auto* rgb = static_cast<const uint16_t*>(memory.get());
  std::vector<float> table;
  for (int i = 0; i <= kSteps; ++i, rgb += bands) {
    const float value = luma_of(rgb[0], rgb[1], rgb[2]) / 65535;
    table.push_back(table.empty() ? value : std::max(value, table.back()));
  }
  return table;
}

/// The inverse of a monotone table, at as many steps.
std::vector<float> inverse(const std::vector<float>& table) {
  std::vector<float> values;
  const auto steps = static_cast<float>(kSteps);
  for (int i = 0; i <= kSteps; ++i) {
    const float wanted = static_cast<float>(i) / steps;
    const auto above = std::lower_bound(table.begin() + 1, table.end() - 1, wanted);
    const float low = *(above - 1), high = *above;
    const float share = high > low ? std::clamp((wanted - low) / (high - low), 0.0F, 1.0F) : 0;
    values.push_back((static_cast<float>(above - table.begin() - 1) + share) / steps);
  }
  return values;
}

}  // namespace

ToneCurve::ToneCurve(VipsImage* picture, int colours, std::vector<std::string>& notes) {
  if (vips_image_get_typeof(picture, VIPS_META_ICC_NAME) == 0) return;
  to_srgb_ = through_profile(picture, colours);
  if (to_srgb_.empty() || to_srgb_.back() - to_srgb_.front() < 0.5F) {
    notes.push_back("its colour profile cannot be used; its values were taken as sRGB (" +
                    vips::last_error() + ")");
    to_srgb_.clear();
    return;
  }
  float furthest = 0;
  for (int i = 0; i <= kSteps; ++i) {
    furthest = std::max(furthest, std::abs(to_srgb_[static_cast<size_t>(i)] -
                                           static_cast<float>(i) / static_cast<float>(kSteps)));
  }
  if (furthest <= kSameWithin) {
    to_srgb_.clear();
  } else {
    from_srgb_ = inverse(to_srgb_);
  }
}

void ToneCurve::to_srgb(float* values, int64_t count) const {
  if (is_identity()) return;
  std::transform(values, values + count, values, [this](float value) { return to_srgb(value); });
}

float ToneCurve::look_up(const std::vector<float>& table, float value) {
  if (table.empty()) return value;
  const float place = std::clamp(value, 0.0F, 1.0F) * static_cast<float>(kSteps);
  const auto below = std::min(static_cast<size_t>(place), static_cast<size_t>(kSteps - 1));
  const float share = place - static_cast<float>(below);
  return table[below] + share * (table[below + 1] - table[below]);
}

}  // namespace imaging
