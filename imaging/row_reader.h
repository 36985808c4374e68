#pragma once

#include <cstdint>
#include <memory>

#include "imaging/image_file.h"
#include "imaging/vips.h"

namespace imaging {

/// The rows of a picture from the first to the last.
class RowReader {
 public:
  /// The file outlives this object.
  explicit RowReader(const ImageFile& file);

  /// The next `count` rows, or as many as are left, one after the other; valid until the next call.
  /// Throws Error(corrupt) if the file is damaged or ends too early.
  struct Rows {
    int64_t top = 0, count = 0;
    const uint8_t* data = nullptr;
    int64_t stride = 0;  ///< bytes from row to row
    const uint8_t* row(int64_t i) const { return data + i * stride; }
  };
  Rows next(int64_t count);

 private:
  const ImageFile& file_;
  imaging::vips::Image pixels_;
  std::unique_ptr<VipsRegion, imaging::vips::Unref> region_;
  int64_t next_row_ = 0;
};

}  // namespace imaging
