#pragma once

#include <optional>

#include "imaging/row_buffer.h"

namespace restore {

/// Damage that a person has marked: white on black, or painted on a transparent ground.
class MaskFile {
 public:
  /// Throws Error(io) or Error(corrupt) if it cannot be read, Error(usage) if it is not of the size
  /// of the photograph.
  MaskFile(const std::filesystem::path& path, const imaging::PixelFormat& photo);

  /// From the first row on; see next_row.
  void rewind();

  /// The opacity of the next row's damage, 0 to 1; where it is 0, `unmarked`.
  void next_row(float unmarked, float* opacity);

 private:
  imaging::ImageFile file_;
  std::optional<imaging::RowReader> reader_;
  imaging::RowBuffer row_;
};

}  // namespace restore
