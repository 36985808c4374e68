#include "restore/photo_in_border.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "restore/overview.h"
#include "restore/restored_rows.h"

namespace restore {
namespace {

// Less border within the photograph's rectangle is as likely its own white damage.
constexpr double kLeastInside = 0.01;
constexpr int64_t kDoubtfulEdge = 3;  // pixels of the photograph that may be border

imaging::Span scaled(imaging::Span span, int64_t scale, int64_t length) {
  const int64_t begin = span.begin * scale;
  return {begin, std::min((span.begin + span.size) * scale, length) - begin};
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
  format_.height = rows_.size;
  format_.width = columns_.size;
  name_ = whole.name() + (is_cut_out() ? " (within its border)" : "");
  format_.colours = whole.colours();
  row_bytes_ = whole.row_bytes() / whole.width() * columns_.size;
  // RowsWithBorder reads it, too.
  held_bytes_ = (is_cut_out() ? 2 : 1) * whole.held_bytes();
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
  const int64_t y = next_row_ - 1, last = scale_ + kDoubtfulEdge - 1;
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
  if (!has_border_inside_ || !border_.is_around) return;
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
