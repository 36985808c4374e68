#include "restore/damage_record.h"

#include <algorithm>
#include <cmath>

namespace restore {
namespace {

constexpr int64_t kPreviewSide = 1600;

int64_t preview_scale(int64_t height, int64_t width) {
  return (std::max(height, width) + kPreviewSide - 1) / kPreviewSide;
}

void to_levels(const float* values, std::vector<uint8_t>& levels) {
  for (size_t i = 0; i < levels.size(); ++i) {
    levels[i] = static_cast<uint8_t>(std::lround(std::clamp(values[i], 0.0F, 1.0F) * 255));
  }
}

}  // namespace

DamageRecord::DamageRecord(int64_t height, int64_t width, const std::filesystem::path& mask)
    : height_(height),
      width_(width),
      small_(height, width, preview_scale(height, width)),
      levels_(static_cast<size_t>(width)) {
  const imaging::PixelFormat form{.width = width, .height = height};
  if (!mask.empty()) mask_.emplace(mask, form, nullptr, imaging::ImageOptions());
}

void DamageRecord::add(int64_t y, const float* damage) {
  num_damaged_ += std::count_if(damage, damage + width_, [](float p) { return p > 0.5F; });
  small_.add(y, damage);
  if (!mask_) return;
  to_levels(damage, levels_);
  mask_->write_row(levels_.data());
}

double DamageRecord::damaged_share() const {
  return static_cast<double>(num_damaged_) / static_cast<double>(height_ * width_);
}

GrayPreview DamageRecord::preview() {
  const imaging::Plane small = small_.finish();
  GrayPreview preview{static_cast<int>(small.width), static_cast<int>(small.height), {}};
  preview.levels.resize(small.values.size());
  to_levels(small.values.data(), preview.levels);
  return preview;
}

void DamageRecord::finish_mask() {
  if (mask_) mask_->finish();
}

}  // namespace restore
