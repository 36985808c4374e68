#pragma once

#include <optional>

#include "imaging/image_writer.h"
#include "imaging/metadata/exiftool.h"
#include "imaging/plane.h"
#include "imaging/row_buffer.h"
#include "restore/restored_photo.h"

namespace restore {

class FileSource;

/// The damage that was found, row by row: its share, a small picture of it and, if wanted, a file.
class DamageRecord {
 public:
  /// `mask` is the file to be written; empty: none.
  DamageRecord(int64_t height, int64_t width, const std::filesystem::path& mask);

  /// Probabilities from 0 to 1. Throws Error(io) for a full disk.
  void add(const float* damage);

  /// Once, after all rows.
  GrayPreview preview();
  double damaged_share() const;

  /// The file, white where damage is certain, gets its name. Throws Error(io).
  void finish_mask();

 private:
  int64_t height_, width_;
  int64_t num_rows_ = 0, num_damaged_ = 0;
  imaging::BoxDownsample small_;
  std::optional<imaging::ImageWriter> mask_;
  std::vector<uint8_t> levels_;
};

/// What is known of a result before it is made. Throws Error(usage) if its format cannot hold it.
RestoredPhoto begin_result(const RestoreJob& job, const RestoreOptions& options,
                           const FileSource& source);

/// Writes a restored photograph row by row, with the metadata of its source, and the damage that
/// was found. Without finish() it leaves nothing behind. All may throw Error(io).
class PhotoWriter {
 public:
  /// All references outlive this object. The result is told what its format does not hold.
  PhotoWriter(const FileSource& source, bool in_colours, RestoredPhoto& result,
              imaging::ExifTool& exiftool);

  void add(imaging::RowBuffer& row, const float* damage);
  /// After the last row. False after a stop that left no time for it.
  bool finish(const std::stop_token& stop = {});

 private:
  const FileSource& source_;
  RestoredPhoto& result_;
  imaging::ExifTool& exiftool_;
  imaging::PixelFormat pixels_;
  DamageRecord damage_;
  imaging::ImageWriter writer_;
  std::vector<uint8_t> samples_;
};

}  // namespace restore
