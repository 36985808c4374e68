#include "dataset/sampling/sample_view.h"

#include <array>
#include <utility>

#include "common/random.h"

namespace dataset {
namespace {

const std::array<float, 256>& unit_of_byte() {
  static const std::array<float, 256> table = [] {
    std::array<float, 256> values{};
    for (size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i) / 255.0F;
    return values;
  }();
  return table;
}

}  // namespace

SampleView draw_view(int64_t patch, int64_t crop, bool flips, uint64_t seed, int64_t sample) {
  common::KeyedRandom random(common::random_key("view", {seed, static_cast<uint64_t>(sample)}));
  SampleView view;
  view.side = crop;
  view.x = random.integer(patch - crop + 1);
  view.y = random.integer(patch - crop + 1);
  view.turn = flips ? static_cast<int>(random.integer(8)) : 0;
  return view;
}

void copy_view(const SampleView& view, const uint8_t* planes, int64_t num_planes, int64_t patch,
               float* out) {
  // Where the output's first pixel lies in the patch, and the steps to the next column and row.
  int64_t start = view.y * patch + view.x;
  int64_t column = 1;
  int64_t row = patch;
  if ((view.turn & 1) != 0) {
    start += (view.side - 1) * column;
    column = -column;
  }
  if ((view.turn & 2) != 0) {
    start += (view.side - 1) * row;
    row = -row;
  }
  if ((view.turn & 4) != 0) std::swap(column, row);
  const std::array<float, 256>& unit = unit_of_byte();
  for (int64_t plane = 0; plane < num_planes; ++plane) {
    const uint8_t* const first = planes + plane * patch * patch + start;
    for (int64_t y = 0; y < view.side; ++y) {
      const uint8_t* from = first + y * row;
      for (int64_t x = 0; x < view.side; ++x, from += column) *out++ = unit[*from];
    }
  }
}

}  // namespace dataset
