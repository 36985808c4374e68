#include "restore/tone_guide.h"

#include <algorithm>
#include <cmath>

namespace restore {
namespace {

/// In a tile without contrast there is none to be matched: a hundredth of the range counts as none.
constexpr double kVarianceFloor = 1e-4;
constexpr double kMostGain = 1.5;

struct Moments {
  double sum = 0, sum_of_squares = 0;
  int64_t count = 0;

  void add(double value) {
    sum += value;
    sum_of_squares += value * value;
    ++count;
  }
  double mean() const { return sum / static_cast<double>(count); }
  double variance() const {
    return std::max(0.0, sum_of_squares / static_cast<double>(count) - mean() * mean());
  }
};

double cell_mean(const Plane& tile, int64_t top, int64_t left, int64_t side) {
  double sum = 0;
  for (int64_t y = top; y < top + side; ++y) {
    for (int64_t x = left; x < left + side; ++x) sum += tile.row(y)[x];
  }
  return sum / static_cast<double>(side * side);
}

/// The small picture's pixels whose cells lie wholly in `span`. The last one may stand for less
/// than a cell and is left out.
Span whole_cells(Span span, int64_t factor, int64_t small_size) {
  const int64_t begin = (span.begin + factor - 1) / factor;
  const int64_t end = std::min((span.begin + span.size) / factor, small_size - 1);
  return {begin, std::max<int64_t>(0, end - begin)};
}

}  // namespace

int64_t ToneGuide::shrinking_factor(const Plane& picture, int64_t most_pixels) {
  const auto pixels = static_cast<double>(picture.height * picture.width);
  return static_cast<int64_t>(std::ceil(std::sqrt(pixels / static_cast<double>(most_pixels))));
}

void ToneGuide::match(Span rows, Span columns, Plane& tile) const {
  const Span cell_rows = whole_cells(rows, factor_, small_.height);
  const Span cell_columns = whole_cells(columns, factor_, small_.width);
  Moments of_tile, of_guide;
  for (int64_t i = cell_rows.begin; i < cell_rows.begin + cell_rows.size; ++i) {
    for (int64_t j = cell_columns.begin; j < cell_columns.begin + cell_columns.size; ++j) {
      of_tile.add(cell_mean(tile, i * factor_ - rows.begin, j * factor_ - columns.begin, factor_));
      of_guide.add(small_.row(i)[j]);
    }
  }
  if (of_tile.count == 0) return;
  const double gain = std::clamp(
      std::sqrt((of_guide.variance() + kVarianceFloor) / (of_tile.variance() + kVarianceFloor)),
      1 / kMostGain, kMostGain);
  const auto slope = static_cast<float>(gain);
  const auto offset = static_cast<float>(of_guide.mean() - gain * of_tile.mean());
  for (float& value : tile.values) value = slope * value + offset;
}

}  // namespace restore
