#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "imaging/image_file.h"
#include "imaging/infrared_dust.h"
#include "imaging/plane.h"
#include "imaging/row_buffer.h"
#include "imaging/row_reader.h"
#include "imaging/tone_curve.h"
#include "restore/mask_file.h"
#include "restore/restore_options.h"

namespace restore {

/// A picture that is to be restored, row by row from the top: a file, or a plane in memory.
class Source {
 public:
  virtual ~Source() = default;

  /// next_row() begins at the first row again.
  virtual void rewind() = 0;
  /// The samples of the next row, valid until the next call.
  virtual const uint8_t* next_row() = 0;
  void unpack(const uint8_t* samples, imaging::RowBuffer& row) const {
    unpack_pixels(samples, width(), row);
  }
  virtual void unpack_pixels(const uint8_t* samples, int64_t count,
                             imaging::RowBuffer& row) const = 0;
  /// Opacity of the damage that is known in that row, 0 to 1; negative where nothing is known.
  virtual void known_damage(float* opacity) = 0;
  /// That row's luma becomes NaN where it is no photograph: what is measured leaves it out.
  virtual void leave_out_border(float* /*luma*/) {}

  const std::string& name() const { return name_; }  ///< for messages
  int64_t height() const { return format_.height; }
  int64_t width() const { return format_.width; }
  int colours() const { return format_.colours; }
  bool has_known_damage() const { return has_known_damage_; }
  int64_t row_bytes() const { return row_bytes_; }
  /// What reading keeps of the whole picture, however few rows are asked for.
  int64_t held_bytes() const { return held_bytes_; }
  /// Between the picture's grays and those of sRGB, which the network knows.
  const imaging::ToneCurve& curve() const { return curve_; }
  void luma(const imaging::RowBuffer& row, float* srgb_luma) const;

 protected:
  std::string name_;
  imaging::PixelFormat format_;
  bool has_known_damage_ = false;
  int64_t row_bytes_ = 0, held_bytes_ = 0;
  imaging::ToneCurve curve_;
};

/// A photograph, the mask that the options name, and what its infrared shows.
class FileSource : public Source {
 public:
  /// Throws Error(corrupt) or Error(usage) for a photograph or mask that cannot be used.
  FileSource(const std::filesystem::path& photo, const RestoreOptions& options);

  void rewind() override;
  const uint8_t* next_row() override;
  void unpack_pixels(const uint8_t* samples, int64_t count, imaging::RowBuffer& row) const override;
  void known_damage(float* opacity) override;

  const imaging::ImageFile& file() const { return file_; }
  VipsImage* header() const { return header_.get(); }  ///< colour profile, resolution
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  imaging::ImageFile file_;
  imaging::vips::Image header_;
  std::vector<std::string> notes_;
  std::optional<MaskFile> mask_;
  std::optional<imaging::InfraredDust> dust_;
  void find_dust();
  float unmarked_;  // what is known where the mask marks nothing: -1 nothing, 0 no damage
  std::optional<imaging::RowReader> reader_;
  imaging::RowReader::Rows strip_;
  int64_t next_in_strip_ = 0, next_damage_row_ = 0;
};

/// Luma in memory, not clipped, and the damage that is known of it. Both outlive this object.
class PlaneSource : public Source {
 public:
  /// `known_damage` may be null. Throws Error(usage) if its size is another.
  PlaneSource(const imaging::Plane& luma, const imaging::Plane* known_damage);

  void rewind() override { next_row_ = 0; }
  const uint8_t* next_row() override;
  void unpack_pixels(const uint8_t* samples, int64_t count, imaging::RowBuffer& row) const override;
  void known_damage(float* opacity) override;

 private:
  const imaging::Plane& luma_;
  const imaging::Plane* known_damage_;
  int64_t next_row_ = 0;
};

}  // namespace restore
