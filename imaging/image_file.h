#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "common/files.h"
#include "imaging/format.h"
#include "imaging/vips.h"

namespace imaging {

/// Looked at in the file's header, before anything is unfolded: a small file can unfold to much.
inline constexpr int64_t kMostPixels = 500'000'000;

/// Even a blank page takes a byte for so many pixels, whatever packed it; a small picture may do
/// with less. A header that says more is damaged, and would have us restore what a decoder makes
/// up.
inline constexpr int64_t kMostPixelsAByte = 1'000, kSmallPixels = 4'000'000;

/// How a picture's samples lie in memory: pixel by pixel, `colours` and then alpha if it has it.
struct PixelFormat {
  int64_t width = 0, height = 0;  ///< upright
  int bits = 8;                   ///< 8 or 16 a sample
  int colours = 1;                ///< 1 gray, 3 red, green and blue
  bool has_alpha = false;

  int channels() const { return colours + (has_alpha ? 1 : 0); }
  int64_t sample_bytes() const { return bits / 8; }
  int64_t row_bytes() const { return width * channels() * sample_bytes(); }
};

/// A photograph's file, opened: JPEG, PNG, TIFF or WebP with 8 or 16 bit, gray or in colour, with
/// or without alpha. Nothing is decoded until rows are read.
class ImageFile {
 public:
  /// Throws Error(io) if there is no such file; Error(corrupt) if it is none of these (by its
  /// bytes, whatever its name) or has more than kMostPixels pixels, or more than its bytes can
  /// hold.
  explicit ImageFile(const std::filesystem::path& path);

  const std::filesystem::path& path() const { return path_; }
  const PixelFormat& form() const { return form_; }
  Format format() const { return format_; }
  bool has_profile() const { return has_profile_; }
  /// How libvips opens this object's file by name, whatever it is called.
  std::string vips_name() const { return vips::name_of(file_); }
  /// What decoding holds of the whole picture, however few rows are asked for.
  int64_t held_bytes() const { return held_bytes_; }
  /// What a person should know of how it was read.
  const std::vector<std::string>& notes() const { return notes_; }

  /// The decoded picture, upright and of this form, in the colour space of the file; CMYK and the
  /// like are sRGB by now. Its rows can be had once, from the first to the last: opened anew for
  /// each time. It keeps this object's file open.
  imaging::vips::Image open_pixels() const;

 private:
  std::filesystem::path path_;
  common::FileDescriptor file_;
  PixelFormat form_;
  Format format_ = Format::png;
  int64_t held_bytes_ = 0;
  bool has_profile_ = false;
  std::vector<std::string> notes_;
};

/// The rows of a picture from the first to the last.
class RowReader {
 public:
  /// `path` is for messages.
  RowReader(imaging::vips::Image pixels, std::filesystem::path path);

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
  std::filesystem::path path_;
  imaging::vips::Image pixels_;
  std::unique_ptr<VipsRegion, imaging::vips::Unref> region_;
  int64_t next_row_ = 0;
};

}  // namespace imaging
