#include "restore/tiling.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "common/error.h"

namespace restore {
namespace {

constexpr int64_t kSmallestTile = 64;

int64_t ceil_div(int64_t a, int64_t b) { return (a + b - 1) / b; }

int64_t round_up(int64_t value, int64_t multiple) { return ceil_div(value, multiple) * multiple; }

std::vector<imaging::Span> even_spans(int64_t length, int64_t tile, int64_t overlap, int64_t multiple) {
  const int64_t padded = round_up(length, multiple);
  tile = std::max(tile / multiple * multiple, multiple);
  if (tile >= padded) return {{0, padded}};
  overlap = std::min(overlap, tile / 2 / multiple * multiple);
  const int64_t count = ceil_div(padded - overlap, tile - overlap);
  const int64_t size = round_up(ceil_div(padded + (count - 1) * overlap, count), multiple);
  std::vector<imaging::Span> spans;
  for (int64_t i = 0; i < count; ++i) {
    const int64_t begin = i * (padded - size) / (count - 1);
    spans.push_back({begin / multiple * multiple, size});
  }
  return spans;
}

/// 0 in the outer quarter of the overlap, 1 from the inner quarter on, a smooth step between.
/// `depth` counts pixels from the tile's end, 0 the first.
double ramp(int64_t depth, int64_t overlap) {
  if (depth >= overlap) return 1;
  const double dead = static_cast<double>(overlap) / 4;
  const double t = std::clamp((static_cast<double>(depth) + 0.5 - dead) / (2 * dead), 0.0, 1.0);
  return t * t * (3 - 2 * t);
}

}  // namespace

void Tiling::validate() const {
  if (tile < kSmallestTile) {
    throw common::Error(common::ErrorKind::usage,
                        "--tile " + std::to_string(tile) + ": a tile has at least " +
                            std::to_string(kSmallestTile) + " pixels a side");
  }
  if (overlap < 0 || overlap > tile / 2) {
    throw common::Error(common::ErrorKind::usage,
                        "--overlap " + std::to_string(overlap) + ": must be 0 to half the tile (" +
                            std::to_string(tile / 2) + " for --tile " + std::to_string(tile) + ")");
  }
}

TileGrid tile_grid(int64_t height, int64_t width, const Tiling& tiling, int64_t multiple) {
  if (height * width <= tiling.whole_pixels) {
    return {{{0, round_up(height, multiple)}}, {{0, round_up(width, multiple)}}, tiling.overlap};
  }
  const int64_t overlap = round_up(tiling.overlap, multiple);
  return {even_spans(height, tiling.tile, overlap, multiple),
          even_spans(width, tiling.tile, overlap, multiple), tiling.overlap};
}

std::vector<std::vector<float>> blend_weights(const std::vector<imaging::Span>& spans, int64_t overlap) {
  const int64_t length = spans.back().begin + spans.back().size;
  std::vector<double> sum(static_cast<size_t>(length));
  std::vector<std::vector<double>> raw;
  for (size_t i = 0; i < spans.size(); ++i) {
    raw.emplace_back(static_cast<size_t>(spans[i].size));
    for (int64_t k = 0; k < spans[i].size; ++k) {
      const double left = i == 0 ? 1 : ramp(k, overlap);
      const double right = i + 1 == spans.size() ? 1 : ramp(spans[i].size - 1 - k, overlap);
      raw[i][static_cast<size_t>(k)] = left * right;
      sum[static_cast<size_t>(spans[i].begin + k)] += left * right;
    }
  }
  std::vector<std::vector<float>> weights;
  for (size_t i = 0; i < spans.size(); ++i) {
    auto& normalised = weights.emplace_back(raw[i].size());
    for (size_t k = 0; k < raw[i].size(); ++k) {
      normalised[k] = static_cast<float>(raw[i][k] / sum[static_cast<size_t>(spans[i].begin) + k]);
    }
  }
  return weights;
}

}  // namespace restore
