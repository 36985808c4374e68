#include "dataset/ageing/dirt_rows.h"

#include <algorithm>
#include <cmath>

#include "common/instructions.h"

namespace dataset::ageing {
namespace {

/// out[i] = in[i] x unit.
RESTORE_TARGET_CLONES void to_floats(const uint8_t* in, float unit, size_t count, float* out) {
  for (size_t i = 0; i < count; ++i) out[i] = unit * static_cast<float>(in[i]);
}

/// out[i] = from[first[i]], and as much of the next as share[i] says. None may overlap: it is
/// vectorised only then.
RESTORE_TARGET_CLONES void interpolate(const float* __restrict from, const int* __restrict first,
                                       const float* __restrict share, size_t count,
                                       float* __restrict out) {
  for (size_t i = 0; i < count; ++i) {
    const float left = from[first[i]], right = from[first[i] + 1];
    out[i] = left + (right - left) * share[i];
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
      line_(static_cast<size_t>(placed.cover.width)),
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
  to_floats(placed_.cover.row(row), placed_.opacity / 255, line_.size(), line_.data());
  interpolate(line_.data(), placed_.columns.first.data(), placed_.columns.share.data(), out.size(),
              out.data());
}

}  // namespace dataset::ageing
