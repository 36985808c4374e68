#include "dataset/ageing/dirt_rows.h"

#include <algorithm>
#include <cmath>

#include "common/instructions.h"

namespace dataset::ageing {
namespace {

// Fetching from anywhere is slow: each pixel and its right neighbour lie in one word, so that
// one fetch gets both. In the two below no array may overlap another, or they are not vectorised.

/// pairs[i] = in[i] and in[i + 1], for i < count - 1.
RESTORE_TARGET_CLONES void pair_up(const uint8_t* __restrict in, size_t count,
                                   uint32_t* __restrict pairs) {
  for (size_t i = 0; i + 1 < count; ++i) {
    pairs[i] = static_cast<uint32_t>(in[i]) | static_cast<uint32_t>(in[i + 1]) << 16;
  }
}

/// out[i] = unit x (left pixel of pairs[first[i]], and as much of the right as share[i] says).
RESTORE_TARGET_CLONES void interpolate(const uint32_t* __restrict pairs,
                                       const int* __restrict first, const float* __restrict share,
                                       float unit, size_t count, float* __restrict out) {
  for (size_t i = 0; i < count; ++i) {
    const uint32_t pair = pairs[first[i]];
    const auto left = static_cast<float>(static_cast<int32_t>(pair & 0xFFFF));
    const auto right = static_cast<float>(static_cast<int32_t>(pair >> 16));
    out[i] = unit * (left + (right - left) * share[i]);
  }
}

}  // namespace

Axis mirrored_axis(int length, int source, double scale, double start) {
  Axis axis;
  for (int i = 0; i < length; ++i) {
    double place = std::fmod(start + (i + 0.5) / scale, 2.0 * source);
    if (place > source) place = 2.0 * source - place;
    place -= 0.5;
    const int first = std::clamp(static_cast<int>(std::floor(place)), 0, source - 2);
    axis.first.push_back(first);
    axis.share.push_back(static_cast<float>(std::clamp(place - first, 0.0, 1.0)));
  }
  return axis;
}

WidenedRows::WidenedRows(const Placed& placed)
    : placed_(placed),
      pairs_(static_cast<size_t>(placed.cover.width)),
      upper_(placed.columns.first.size()),
      lower_(placed.columns.first.size()) {}

void WidenedRows::move_to(int first) {
  if (first == first_) return;
  if (first == first_ + 1) {
    upper_.swap(lower_);
  } else {
    widen(first, upper_);
  }
  widen(first + 1, lower_);
  first_ = first;
}

void WidenedRows::widen(int row, std::vector<float>& out) {
  pair_up(placed_.cover.row(row), pairs_.size(), pairs_.data());
  interpolate(pairs_.data(), placed_.columns.first.data(), placed_.columns.share.data(),
              placed_.opacity / 255, out.size(), out.data());
}

}  // namespace dataset::ageing
