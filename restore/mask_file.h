#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "imaging/image_file.h"
#include "imaging/row_buffer.h"
#include "imaging/row_reader.h"

namespace restore {

/// Throws Error(usage) if the mask `name` has not the size of the upright `photo`.
void require_same_size(const std::string& name, const imaging::PixelFormat& mask,
                       const imaging::PixelFormat& photo);

/// Damage that a person marked: white on black, or painted on a transparent ground.
class MaskFile {
 public:
  /// Looks at all pixels: an alpha that is the same everywhere, as editors export it, says nothing;
  /// then the gray is the mask. Throws Error(io) or Error(corrupt) if it cannot be read,
  /// Error(usage) if its size is not that of the photograph or gray and alpha contradict each
  /// other.
  MaskFile(const std::filesystem::path& path, const imaging::PixelFormat& photo);

  void rewind();
  /// The opacity of the next row's damage, 0 to 1; where it is 0, `unmarked`.
  void next_row(float unmarked, float* opacity);

  /// What a person should know of it.
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  bool is_in_alpha();
  void note_share();

  imaging::ImageFile file_;
  bool is_in_alpha_ = false;
  std::vector<std::string> notes_;
  std::optional<imaging::RowReader> reader_;
  imaging::RowBuffer row_;
};

}  // namespace restore
