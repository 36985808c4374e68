#pragma once

#include <optional>
#include <vector>

#include "imaging/row_buffer.h"
#include "imaging/row_reader.h"
#include "restore/border.h"
#include "restore/source.h"

namespace restore {

class RestoredRows;

/// The photograph within a border, cut out: what is restored, so that a border changes nothing.
/// Border that is left in it, as about rounded corners, and a blank sky are known to be intact.
/// Nothing is cut off
/// where a person marked damage in the border.
class PhotoInBorder : public Source {
 public:
  /// `whole` outlives this object; `border` and `known_damage` (empty: nothing is known) are those
  /// of its small version, a pixel for scale x scale.
  PhotoInBorder(Source& whole, Border border, const imaging::Plane& known_damage, int64_t scale);

  void rewind() override;
  const uint8_t* next_row() override;
  void unpack_pixels(const uint8_t* samples, int64_t count, imaging::RowBuffer& row) const override;
  void known_damage(float* opacity) override;
  void leave_out_border(float* luma) override;

  /// Of the whole picture: where the photograph is.
  imaging::Span rows() const { return rows_; }
  imaging::Span columns() const { return columns_; }
  bool is_cut_out() const { return width() < whole_.width() || height() < whole_.height(); }

 private:
  Source& whole_;
  Border border_;
  int64_t scale_;
  imaging::Span rows_, columns_;
  bool has_border_inside_;
  int64_t next_row_ = 0;
  std::vector<float> border_row_, known_row_;  // of this row; of the whole picture's

  void read_border();
  bool is_border(int64_t x) const {
    return has_border_inside_ && border_row_[static_cast<size_t>(x)] > 0.5F;
  }
};

/// The rows of a picture whose photograph is restored: those of the border as they are.
class RowsWithBorder {
 public:
  /// `photo` is null where there is no border. All outlive this object.
  RowsWithBorder(RestoredRows& rows, const FileSource& whole, const PhotoInBorder* photo,
                 bool in_colours);

  /// As of RestoredRows, of the whole picture.
  bool next();
  imaging::RowBuffer& row();
  const float* damage() const;

 private:
  void put_in_photo();

  RestoredRows& rows_;
  const FileSource& whole_;
  const PhotoInBorder* photo_;
  bool in_colours_;
  std::optional<imaging::RowReader> reader_;
  int64_t next_row_ = 0;
  imaging::RowBuffer row_;
  std::vector<float> damage_;
};

}  // namespace restore
