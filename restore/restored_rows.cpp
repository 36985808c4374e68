#include "restore/restored_rows.h"

#include <algorithm>
#include <cmath>

namespace restore {
namespace {

constexpr float kHalfLevel = 0.5F / 255;

/// Moves Cb and Cr of a pixel; its luma stays. Returns what was added.
imaging::Rgb add_chroma(imaging::ToneColours::Chroma moved, size_t x, imaging::RowBuffer& row) {
  const imaging::Rgb added = imaging::rgb_of(0, moved.blue, moved.red);
  row.red[x] += added.red;
  row.green[x] += added.green;
  row.blue[x] += added.blue;
  return added;
}

}  // namespace

RestoredRows::RestoredRows(Source& source, model::Network& network, const RestorePlan& plan,
                           TileDone tile_done, std::stop_token stop)
    : source_(source),
      plan_(plan),
      restorer_(network, plan.strengths, plan.layers, plan.overview),
      tiles_(
          source.height(), source.width(), plan.layers.count(), plan.grid,
          [this](const std::vector<float*>& layers) { read_row(layers); },
          [this, tile_done = std::move(tile_done)](const TiledInference::Layers& tile,
                                                   imaging::Span rows, imaging::Span columns) {
            auto restored = restorer_(tile, rows, columns);
            if (tile_done) tile_done(++num_tiles_done_, plan_.grid.num_tiles());
            return restored;
          },
          std::move(stop)),
      luma_(static_cast<size_t>(source.width())),
      chroma_slope_(luma_.size()),
      chroma_offset_(luma_.size()) {
  source_.rewind();
}

void RestoredRows::read_row(const std::vector<float*>& layers) {
  const uint8_t* samples = source_.next_row();
  waiting_.emplace_back(samples, samples + source_.row_bytes());
  source_.unpack(samples, row_);
  source_.luma(row_, layers[0]);
  if (plan_.layers.has_known_damage) source_.known_damage(layers[1]);
  if (plan_.layers.has_chroma) {
    imaging::chroma_of_row(row_, layers[layers.size() - 2], layers.back());
  }
}

bool RestoredRows::next() {
  const int64_t y = next_row_++;
  if (y >= band_.top + band_.height) band_ = tiles_.next();
  if (band_.height == 0) return false;
  source_.unpack(waiting_.front().data(), row_);
  waiting_.pop_front();
  add_change(y - band_.top);
  if (plan_.overview.colours) take_colours(y);
  damage_ = (*band_.layers)[1].row(y - band_.top);
  return true;
}

void RestoredRows::add_change(int64_t row_of_band) {
  const auto layer = [&](size_t i) { return (*band_.layers)[i].row(row_of_band); };
  const float* change = layer(0);
  const float* blue = plan_.layers.has_chroma ? layer(2) : nullptr;
  const float* red = plan_.layers.has_chroma ? layer(3) : nullptr;
  const imaging::ToneCurve& curve = source_.curve();
  imaging::luma_of_row(row_, luma_.data());
  for (size_t x = 0; x < luma_.size(); ++x) {
    if (change[x] == 0 && (blue == nullptr || (blue[x] == 0 && red[x] == 0))) continue;
    const float before = curve.to_srgb(luma_[x]), after = before + change[x];
    const float opaque = row_.alpha.empty() ? 1 : row_.alpha[x];
    const float added =
        opaque * (curve.is_identity() ? change[x] : curve.from_srgb(after) - luma_[x]);
    row_.red[x] += added;
    if (row_.is_gray()) {
      num_changed_ += std::abs(added) >= kHalfLevel ? 1 : 0;
      continue;
    }
    row_.green[x] += added;
    row_.blue[x] += added;
    imaging::ToneColours::Chroma moved;
    if (plan_.tone) {
      const auto from = plan_.tone->at(before), to = plan_.tone->at(after);
      moved = {opaque * (to.blue - from.blue), opaque * (to.red - from.red)};
    } else if (blue != nullptr) {
      moved = {opaque * blue[x], opaque * red[x]};
    }
    const imaging::Rgb tint = add_chroma(moved, x, row_);
    const float most = std::max(
        {std::abs(added + tint.red), std::abs(added + tint.green), std::abs(added + tint.blue)});
    num_changed_ += most >= kHalfLevel ? 1 : 0;
  }
}

double RestoredRows::changed_share() const {
  if (plan_.overview.colours) return 1;
  return static_cast<double>(num_changed_) / static_cast<double>(next_row_ * source_.width());
}

void RestoredRows::take_colours(int64_t y) {
  const Overview& overview = plan_.overview;
  imaging::luma_of_row(row_, luma_.data());
  // A gray profile does not fit colours: the result has none.
  if (source_.colours() == 1) source_.curve().to_srgb(luma_.data(), source_.width());
  const auto chroma = [&](const imaging::Plane& slope, const imaging::Plane& offset,
                          std::vector<float>& values) {
    enlarge_row(slope, overview.scale, y, {0, source_.width()}, chroma_slope_.data());
    enlarge_row(offset, overview.scale, y, {0, source_.width()}, chroma_offset_.data());
    values.resize(luma_.size());
    for (size_t x = 0; x < luma_.size(); ++x) {
      values[x] = chroma_slope_[x] * luma_[x] + chroma_offset_[x];
    }
  };
  chroma(overview.colours->blue_slope, overview.colours->blue_offset, row_.blue);
  chroma(overview.colours->red_slope, overview.colours->red_offset, row_.red);
  row_.green.resize(luma_.size());
  for (size_t x = 0; x < luma_.size(); ++x) {
    const imaging::Rgb colour = imaging::rgb_of(luma_[x], row_.blue[x], row_.red[x]);
    row_.red[x] = colour.red, row_.green[x] = colour.green, row_.blue[x] = colour.blue;
  }
}

}  // namespace restore
