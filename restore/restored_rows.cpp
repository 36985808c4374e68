#include "restore/restored_rows.h"

#include <algorithm>

namespace restore {
namespace {

/// Moves Cb and Cr of a pixel; its luma stays.
void add_chroma(imaging::ToneColours::Chroma moved, size_t x, imaging::RowBuffer& row) {
  const imaging::Rgb added = imaging::rgb_of(0, moved.blue, moved.red);
  row.red[x] += added.red;
  row.green[x] += added.green;
  row.blue[x] += added.blue;
}

void lay_on_white(imaging::RowBuffer& row) {
  for (auto* channel : {&row.red, &row.green, &row.blue}) {
    for (size_t x = 0; x < channel->size(); ++x) {
      (*channel)[x] = row.alpha[x] * (*channel)[x] + (1 - row.alpha[x]);
    }
  }
}

}  // namespace

RestoredRows::RestoredRows(const RowParts& parts, DamageRecord& damage, TileDone tile_done)
    : parts_(parts),
      damage_(damage),
      reader_(parts.scan.open_pixels(), parts.scan.path()),
      luma_(static_cast<size_t>(parts.out.width)),
      chroma_slope_(luma_.size()),
      chroma_offset_(luma_.size()),
      sweep_(
          {parts.out.height, parts.out.width, parts.layers.count()}, parts.grid,
          [this](int64_t y, const std::vector<float*>& layers) { read_row(y, layers); },
          [this, tile_done = std::move(tile_done)](const std::vector<imaging::Plane>& tile, imaging::Span rows,
                                                   imaging::Span columns) {
            auto treated = parts_.treatment(tile, rows, columns);
            if (tile_done) tile_done(++num_tiles_done_, parts_.grid.num_tiles());
            return treated;
          }) {}

void RestoredRows::read_row(int64_t /*y*/, const std::vector<float*>& layers) {
  const imaging::PixelFormat& form = parts_.scan.form();
  const uint8_t* samples = reader_.next(1).row(0);
  waiting_.emplace_back(samples, samples + form.row_bytes());
  imaging::unpack_row(samples, form, row_);
  imaging::luma_of_row(row_, layers[0]);
  parts_.curve.to_srgb(layers[0], form.width);
  if (parts_.layers.has_known_damage) parts_.mask->next_row(parts_.unmarked, layers[1]);
  if (parts_.layers.has_chroma) imaging::chroma_of_row(row_, layers[layers.size() - 2], layers.back());
}

void RestoredRows::fill(int64_t y, void* samples) {
  if (y >= band_.top + band_.height) band_ = sweep_.next();
  imaging::unpack_row(waiting_.front().data(), parts_.scan.form(), row_);
  waiting_.pop_front();
  add_change(y, band_, row_);
  if (parts_.view != nullptr && parts_.view->colours) take_colours(y, row_);
  damage_.add(y, (*band_.layers)[1].row(y - band_.top));
  if (!row_.alpha.empty() && !parts_.out.has_alpha) lay_on_white(row_);
  imaging::pack_row(row_, parts_.out, samples);
}

void RestoredRows::add_change(int64_t y, const TiledInference::Band& band, imaging::RowBuffer& row) {
  const auto layer = [&](size_t i) { return (*band.layers)[i].row(y - band.top); };
  const float* change = layer(0);
  const float* blue = parts_.layers.has_chroma ? layer(2) : nullptr;
  const float* red = parts_.layers.has_chroma ? layer(3) : nullptr;
  imaging::luma_of_row(row, luma_.data());
  for (size_t x = 0; x < luma_.size(); ++x) {
    if (change[x] == 0 && (blue == nullptr || (blue[x] == 0 && red[x] == 0))) continue;
    const float before = parts_.curve.to_srgb(luma_[x]), after = before + change[x];
    const float opaque = row.alpha.empty() ? 1 : row.alpha[x];
    const float added =
        opaque *
        (parts_.curve.is_identity() ? change[x] : parts_.curve.from_srgb(after) - luma_[x]);
    row.red[x] += added;
    if (row.is_gray()) continue;
    row.green[x] += added;
    row.blue[x] += added;
    imaging::ToneColours::Chroma moved;
    if (parts_.tone != nullptr) {
      const auto from = parts_.tone->at(before), to = parts_.tone->at(after);
      moved = {opaque * (to.blue - from.blue), opaque * (to.red - from.red)};
    } else if (blue != nullptr) {
      moved = {opaque * blue[x], opaque * red[x]};
    }
    add_chroma(moved, x, row);
  }
}

void RestoredRows::take_colours(int64_t y, imaging::RowBuffer& row) {
  const Overview& view = *parts_.view;
  const int64_t width = parts_.out.width;
  imaging::luma_of_row(row, luma_.data());
  if (parts_.out.colours != parts_.scan.form().colours) {  // a gray profile does not fit colours
    parts_.curve.to_srgb(luma_.data(), width);
  }
  const auto chroma = [&](const imaging::Plane& slope, const imaging::Plane& offset, std::vector<float>& values) {
    enlarge_row(slope, view.scale, y, {0, width}, chroma_slope_.data());
    enlarge_row(offset, view.scale, y, {0, width}, chroma_offset_.data());
    values.resize(luma_.size());
    for (size_t x = 0; x < luma_.size(); ++x) {
      values[x] = chroma_slope_[x] * luma_[x] + chroma_offset_[x];
    }
  };
  chroma(view.colours->blue_slope, view.colours->blue_offset, row.blue);
  chroma(view.colours->red_slope, view.colours->red_offset, row.red);
  row.green.resize(luma_.size());
  for (size_t x = 0; x < luma_.size(); ++x) {
    const imaging::Rgb colour = imaging::rgb_of(luma_[x], row.blue[x], row.red[x]);
    row.red[x] = colour.red, row.green[x] = colour.green, row.blue[x] = colour.blue;
  }
}

}  // namespace restore
