#pragma once

#include <optional>

#include "imaging/box_downsample.h"
#include "imaging/image_writer.h"
#include "restore/restored_photo.h"

namespace restore {

/// The damage that was found, as its rows come: its share, a small picture of it and, if wanted, a
/// file of it.
class DamageRecord {
 public:
  /// `mask` is the picture to be written in the end; empty: none.
  DamageRecord(int64_t height, int64_t width, const std::filesystem::path& mask);

  /// Probabilities from 0 to 1. Throws Error(io) for a full disk.
  void add(int64_t y, const float* damage);

  /// Once, after all rows.
  GrayPreview preview();
  double damaged_share() const;

  /// The mask, if one is wanted, gets its name: white where damage is certain. Throws Error(io).
  void finish_mask();

 private:
  int64_t height_, width_;
  int64_t num_damaged_ = 0;
  imaging::BoxDownsample small_;
  std::optional<imaging::ImageWriter> mask_;
  std::vector<uint8_t> levels_;
};

}  // namespace restore
