#include "restore/border.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "device/torch.h"
#include "restore/overview.h"
#include "restore/plane_tensor.h"
#include "restore/restored_rows.h"

namespace restore {
namespace {

// Smoothed luma of a border changes by at most the first from pixel to pixel and is within the
// second of its tone.
constexpr double kFlat = 4.0 / 255, kNear = 24.0 / 255;
// A border has so much of each side; more than the second of a picture is no border but empty.
constexpr double kLeastOfSide = 0.6, kMostOfPicture = 0.7;
// What has less of a picture's height or width is no photograph, but a caption or a perforation.
constexpr double kLeastOfLength = 0.125;
// Less border within the photograph's rectangle is as likely its own white damage.
constexpr double kLeastInside = 0.01;
constexpr int64_t kSmallest = 32;  // pixels of a side
constexpr int kMostBorders = 3;    // a mount on a scanner's bed, say
constexpr int64_t kTones = 64;
constexpr int kEdge = 3;  // smoothing hides so many pixels of a border at the photograph's edge

/// Of most of the outermost pixels; undefined: they have no tone in common.
at::Tensor tone_of_rim(const at::Tensor& smooth) {
  const at::Tensor rim =
      at::cat(
          {smooth.select(2, 0), smooth.select(2, -1), smooth.select(3, 0), smooth.select(3, -1)}, 2)
          .flatten();
  const at::Tensor tones = at::arange(kTones + 1, at::kFloat) / kTones;
  const at::Tensor is_near = (rim - tones.unsqueeze(1)).abs() <= kNear;
  const at::Tensor counts = is_near.sum(1);
  const auto most = counts.argmax().item<int64_t>();
  if (static_cast<double>(counts[most].item<int64_t>()) <
      kLeastOfSide * static_cast<double>(rim.numel())) {
    return {};
  }
  return rim.index({is_near[most]}).mean();
}

/// Without what is narrower than 2 * radius + 1, as a crack that runs into the border. Outside the
/// picture all is flat.
at::Tensor without_tongues(const at::Tensor& flat, int64_t radius) {
  const at::Tensor inner =
      at::constant_pad_nd(1 - dilate(1 - flat, radius), {radius, radius, radius, radius}, 1);
  return dilate(inner, radius).narrow(2, radius, flat.size(2)).narrow(3, radius, flat.size(3));
}

/// Calls `visit(y, x)` for each pixel of value 1 that is joined to (y, x) by way of four
/// neighbours, and makes it 0.
template <typename Visit>
void take_joined(imaging::Plane& plane, int64_t y, int64_t x, const Visit& visit) {
  std::vector<std::pair<int64_t, int64_t>> waiting;
  const auto reach = [&](int64_t at_y, int64_t at_x) {
    if (at_y < 0 || at_x < 0 || at_y >= plane.height || at_x >= plane.width) return;
    if (plane.row(at_y)[at_x] == 0) return;
    plane.row(at_y)[at_x] = 0;
    visit(at_y, at_x);
    waiting.emplace_back(at_y, at_x);
  };
  reach(y, x);
  while (!waiting.empty()) {
    const auto [at_y, at_x] = waiting.back();
    waiting.pop_back();
    reach(at_y - 1, at_x), reach(at_y + 1, at_x), reach(at_y, at_x - 1), reach(at_y, at_x + 1);
  }
}

/// The parts of `flat` that reach the outermost pixels.
imaging::Plane joined_to_rim(imaging::Plane flat) {
  imaging::Plane reached(flat.height, flat.width);
  const auto take = [&](int64_t y, int64_t x) {
    take_joined(flat, y, x, [&](int64_t at_y, int64_t at_x) { reached.row(at_y)[at_x] = 1; });
  };
  for (int64_t y = 0; y < flat.height; ++y) take(y, 0), take(y, flat.width - 1);
  for (int64_t x = 0; x < flat.width; ++x) take(0, x), take(flat.height - 1, x);
  return reached;
}

bool surrounds(const at::Tensor& border) {
  constexpr std::array<std::pair<int64_t, int64_t>, 4> kSides{{{2, 0}, {2, -1}, {3, 0}, {3, -1}}};
  for (const auto& [dim, at] : kSides) {
    if (border.select(dim, at).mean().item<double>() < kLeastOfSide) return false;
  }
  return border.mean().item<double>() <= kMostOfPicture;
}

/// With what smoothing hid at the photograph's edge.
imaging::Plane to_edge(const imaging::Plane& border, const at::Tensor& near) {
  at::Tensor grown = tensor_of(border).unsqueeze(0);
  for (int i = 0; i < kEdge; ++i) grown = at::maximum(grown, dilate(grown, 1) * near);
  return plane_of(grown);
}

struct Rectangle {
  int64_t top = std::numeric_limits<int64_t>::max(), bottom = 0, left = top, right = 0;

  void include(const Rectangle& other) {
    top = std::min(top, other.top), bottom = std::max(bottom, other.bottom);
    left = std::min(left, other.left), right = std::max(right, other.right);
  }
  imaging::Span rows() const { return {top, bottom - top}; }
  imaging::Span columns() const { return {left, right - left}; }
};

/// About what is large beside the border: captions and perforations are not.
Rectangle photo_rectangle(const imaging::Plane& border) {
  imaging::Plane inside = border;
  for (float& value : inside.values) value = 1 - value;
  const auto least = [](int64_t length) { return kLeastOfLength * static_cast<double>(length); };
  Rectangle large, all;
  for (int64_t y = 0; y < inside.height; ++y) {
    for (int64_t x = 0; x < inside.width; ++x) {
      Rectangle part;
      take_joined(inside, y, x, [&](int64_t at_y, int64_t at_x) {
        part.include({at_y, at_y + 1, at_x, at_x + 1});
      });
      all.include(part);
      if (static_cast<double>(part.rows().size) >= least(border.height) &&
          static_cast<double>(part.columns().size) >= least(border.width)) {
        large.include(part);
      }
    }
  }
  return large.bottom > 0 ? large : all;
}

imaging::Span scaled(imaging::Span span, int64_t scale, int64_t length) {
  const int64_t begin = span.begin * scale;
  return {begin, std::min((span.begin + span.size) * scale, length) - begin};
}

std::optional<Border> outermost_border(const imaging::Plane& luma) {
  if (std::min(luma.height, luma.width) < kSmallest) return std::nullopt;
  const at::Tensor picture = tensor_of(luma).unsqueeze(0);
  const at::Tensor smooth = at::avg_pool2d(picture, 5, 1, 2, /*ceil_mode=*/false,
                                           /*count_include_pad=*/false);
  const at::Tensor tone = tone_of_rim(smooth);
  if (!tone.defined()) return std::nullopt;
  const at::Tensor steps = at::max_pool2d(smooth, 3, 1, 1) + at::max_pool2d(-smooth, 3, 1, 1);
  const at::Tensor flat =
      ((steps <= kFlat).logical_and((smooth - tone).abs() <= kNear)).to(at::kFloat);
  const int64_t radius = std::max<int64_t>(2, std::min(luma.height, luma.width) / 64);
  const imaging::Plane border = joined_to_rim(plane_of(flat * without_tongues(flat, radius)));
  if (!surrounds(tensor_of(border).unsqueeze(0))) return std::nullopt;
  const at::Tensor near = ((picture - tone).abs() <= kNear).to(at::kFloat);
  // What is narrow between a caption and the photograph parts them.
  const Rectangle photo = photo_rectangle(to_edge(joined_to_rim(plane_of(flat)), near));
  return Border{to_edge(border, near), photo.rows(), photo.columns()};
}

/// Whether a person marked a part of the border: what is known of it is not the same everywhere.
bool is_marked(const imaging::Plane& known_damage, const Border& border) {
  const auto is_in = [](int64_t i, imaging::Span span) {
    return i >= span.begin && i < span.begin + span.size;
  };
  std::optional<float> known;
  for (int64_t y = 0; y < known_damage.height; ++y) {
    for (int64_t x = 0; x < known_damage.width; ++x) {
      if (is_in(y, border.rows) && is_in(x, border.columns)) continue;
      if (known.value_or(known_damage.row(y)[x]) != known_damage.row(y)[x]) return true;
      known = known_damage.row(y)[x];
    }
  }
  return false;
}

bool counts_as_border(float share) { return share > 0.5F; }

void put(const std::vector<float>& part, int64_t begin, std::vector<float>& row) {
  std::copy(part.begin(), part.end(), row.begin() + begin);
}

}  // namespace

std::optional<Border> find_border(const imaging::Plane& luma) {
  const c10::InferenceMode inference;
  std::optional<Border> found = outermost_border(luma);
  for (int i = 1; i < kMostBorders && found; ++i) {
    imaging::Span &rows = found->rows, &columns = found->columns;
    const auto inner = outermost_border(crop_with_reflection(luma, rows, columns));
    if (!inner) break;
    for (int64_t y = 0; y < rows.size; ++y) {
      float* row = found->is_border.row(rows.begin + y) + columns.begin;
      std::transform(row, row + columns.size, inner->is_border.row(y), row,
                     [](float a, float b) { return std::max(a, b); });
    }
    rows = {rows.begin + inner->rows.begin, inner->rows.size};
    columns = {columns.begin + inner->columns.begin, inner->columns.size};
  }
  return found;
}

PhotoInBorder::PhotoInBorder(Source& whole, Border border, const imaging::Plane& known_damage,
                             int64_t scale)
    : whole_(whole),
      border_(std::move(border)),
      scale_(scale),
      rows_{0, whole.height()},
      columns_{0, whole.width()} {
  if (!is_marked(known_damage, border_)) {
    rows_ = scaled(border_.rows, scale, whole.height());
    columns_ = scaled(border_.columns, scale, whole.width());
  }
  name_ = whole.name();
  format_.height = rows_.size;
  format_.width = columns_.size;
  format_.colours = whole.colours();
  row_bytes_ = whole.row_bytes() / whole.width() * columns_.size;
  held_bytes_ = 2 * whole.held_bytes();  // RowsWithBorder reads it, too
  curve_ = whole.curve();
  border_row_.resize(static_cast<size_t>(columns_.size));
  known_row_.resize(static_cast<size_t>(whole.width()));
  int64_t num_inside = 0;
  for (int64_t y = 0; y < rows_.size; ++y) {
    enlarge_row(border_.is_border, scale_, rows_.begin + y, columns_, border_row_.data());
    num_inside += std::count_if(border_row_.begin(), border_row_.end(), &counts_as_border);
  }
  has_border_inside_ = static_cast<double>(num_inside) >=
                       kLeastInside * static_cast<double>(rows_.size * columns_.size);
  has_known_damage_ = true;
}

void PhotoInBorder::rewind() {
  whole_.rewind();
  for (int64_t y = 0; y < rows_.begin; ++y) {
    whole_.next_row();
    if (whole_.has_known_damage()) whole_.known_damage(known_row_.data());  // of the same row
  }
  next_row_ = 0;
}

const uint8_t* PhotoInBorder::next_row() {
  ++next_row_;
  return whole_.next_row() + columns_.begin * (whole_.row_bytes() / whole_.width());
}

void PhotoInBorder::unpack_pixels(const uint8_t* samples, int64_t count,
                                  imaging::RowBuffer& row) const {
  whole_.unpack_pixels(samples, count, row);
}

void PhotoInBorder::known_damage(float* opacity) {
  std::fill(known_row_.begin(), known_row_.end(), -1.0F);
  if (whole_.has_known_damage()) whole_.known_damage(known_row_.data());
  std::copy_n(known_row_.begin() + columns_.begin, width(), opacity);
  const int64_t y = next_row_ - 1, last = scale_ + kEdge - 1;
  const auto is_edge = [last](int64_t i, imaging::Span span, int64_t length) {
    return (span.begin > 0 && i < last) ||
           (span.begin + span.size < length && i >= span.size - last);
  };
  const bool row_is_edge = is_edge(y, rows_, whole_.height());
  read_border();
  for (int64_t x = 0; x < width(); ++x) {
    if (opacity[x] >= 0) continue;
    if (is_border(x) || row_is_edge || is_edge(x, columns_, whole_.width())) opacity[x] = 0;
  }
}

void PhotoInBorder::leave_out_border(float* luma) {
  if (!has_border_inside_) return;
  read_border();
  for (int64_t x = 0; x < width(); ++x) {
    if (is_border(x)) luma[x] = std::numeric_limits<float>::quiet_NaN();
  }
}

void PhotoInBorder::read_border() {
  if (!has_border_inside_) return;
  enlarge_row(border_.is_border, scale_, rows_.begin + next_row_ - 1, columns_, border_row_.data());
}

RowsWithBorder::RowsWithBorder(RestoredRows& rows, const FileSource& whole,
                               const PhotoInBorder* photo, bool in_colours)
    : rows_(rows), whole_(whole), photo_(photo), in_colours_(in_colours) {
  if (photo_ != nullptr) reader_.emplace(whole.file());
}

bool RowsWithBorder::next() {
  if (photo_ == nullptr) return rows_.next();
  whole_.unpack(reader_->next(1).data, row_);
  if (in_colours_ && row_.is_gray()) {
    whole_.curve().to_srgb(row_.red.data(), whole_.width());
    row_.green = row_.blue = row_.red;
  }
  damage_.assign(static_cast<size_t>(whole_.width()), 0);
  const int64_t y = next_row_++ - photo_->rows().begin;
  if (y < 0 || y >= photo_->rows().size) return true;
  if (!rows_.next()) return false;
  put_in_photo();
  return true;
}

void RowsWithBorder::put_in_photo() {
  const int64_t begin = photo_->columns().begin;
  const imaging::RowBuffer& photo = rows_.row();
  put(photo.red, begin, row_.red);
  if (!photo.is_gray()) {
    put(photo.green, begin, row_.green);
    put(photo.blue, begin, row_.blue);
  }
  std::copy_n(rows_.damage(), photo_->columns().size, damage_.begin() + begin);
}

imaging::RowBuffer& RowsWithBorder::row() { return photo_ == nullptr ? rows_.row() : row_; }

const float* RowsWithBorder::damage() const {
  return photo_ == nullptr ? rows_.damage() : damage_.data();
}

}  // namespace restore
