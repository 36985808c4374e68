#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/files.h"
#include "imaging/format.h"
#include "imaging/tiff_directory.h"
#include "imaging/vips.h"

namespace imaging {

/// Looked at in the file's header, before anything is unfolded: a small file can unfold to much.
inline constexpr int64_t kMostPixels = 500'000'000;

/// Even a blank page takes a byte of JPEG for so many pixels. A header that says more is damaged,
/// and would have us restore what a decoder makes up. Other formats pack any blank page into next
/// to nothing.
inline constexpr int64_t kMostPixelsAJpegByte = 1'000;

/// How a picture's samples lie in memory: pixel by pixel, `colours`, then alpha if it has it, then
/// channels of which the file does not say what they are, such as a scanner's infrared.
struct PixelFormat {
  int64_t width = 0, height = 0;  ///< upright
  int bits = 8;                   ///< 8 or 16 a sample
  int colours = 1;                ///< 1 gray, 3 red, green and blue
  bool has_alpha = false;
  int extras = 0;  ///< channels that are kept as they are

  int channels() const { return colours + (has_alpha ? 1 : 0) + extras; }
  int64_t sample_bytes() const { return bits / 8; }
  int64_t row_bytes() const { return width * channels() * sample_bytes(); }
};

struct ReadOptions {
  bool partial = false;  ///< a picture that is lost in part is read as far as it goes, then gray
};

/// A photograph's file, opened: JPEG, PNG, TIFF or WebP with 8 or 16 bit, gray or in colour, with
/// or without alpha; HEIC and JPEG XL where libvips has them. Of a TIFF with several pictures the
/// first that is not a small copy of another. Nothing is decoded until rows are read, but for the
/// codes of JPEG, which are looked through for losses.
class ImageFile {
 public:
  /// Throws Error(io) if there is no such file; Error(corrupt) if it is none of these (by its
  /// bytes, whatever its name), a camera's raw file, has more than kMostPixels pixels, or is a
  /// JPEG that is lost in part.
  explicit ImageFile(const std::filesystem::path& path, const ReadOptions& options = {});

  const std::filesystem::path& path() const { return path_; }
  const PixelFormat& form() const { return form_; }
  /// That a result is written in if nothing is said: of HEIC and JPEG XL, which are not written,
  /// PNG.
  Format format() const { return format_; }
  bool has_profile() const { return has_profile_; }
  /// Of the open file, whatever has become of its path.
  std::filesystem::path open_name() const { return vips::name_of(file_); }
  /// What decoding holds of the whole picture, however few rows are asked for.
  int64_t held_bytes() const { return held_bytes_; }
  /// What a person should know of how it was read.
  const std::vector<std::string>& notes() const { return notes_; }

  /// The decoded picture, upright and of this form, in the colour space of the file; CMYK and the
  /// like are sRGB by now. Its rows can be had once, from the first to the last: opened anew for
  /// each time. It keeps this object's file open.
  imaging::vips::Image open_pixels() const;

  /// Gray of 8 or 16 bit and of the same size: a channel or a page beside the colours. Null: the
  /// file has none.
  imaging::vips::Image open_infrared() const;

  struct Thumbnail {
    int width = 0, height = 0;
    VipsSize size = VIPS_SIZE_DOWN;
    VipsFailOn fail_on = VIPS_FAIL_ON_TRUNCATED;
    const char* export_profile = nullptr;
  };
  /// Upright, colours and alpha alone, decoded while it shrinks, so that memory grows with the
  /// small picture and not with the file. Throws Error(corrupt).
  imaging::vips::Image thumbnail(const Thumbnail& wanted) const;

  /// Throws Error(corrupt) if the path leads to another file by now, or the file was written to.
  void require_unchanged() const;

  /// Throws Error(corrupt): the file is broken, with the share of it that can be read.
  [[noreturn]] void refuse_rest() const;

 private:
  void look_at_frames(VipsImage* picture);
  void look_at_loss(const ReadOptions& options);
  void look_at_pages();
  void look_at_channels(VipsImage* picture);
  int64_t count_readable_rows() const;
  std::string vips_name(const TiffPicture& picture) const;
  imaging::vips::Image open_stored(VipsAccess access) const;
  imaging::vips::Image open_upright() const;

  std::filesystem::path path_;
  common::FileDescriptor file_;
  struct stat opened_ = {};
  std::optional<TiffPicture> tiff_, infrared_;  // infrared_: a page of its own
  VipsFailOn fail_on_ = VIPS_FAIL_ON_TRUNCATED;
  int64_t readable_rows_ = -1;  // of a picture that is read in part; -1: all
  PixelFormat form_;
  std::vector<int> bands_;     // of the decoded picture, in the order of form_
  bool is_converted_ = false;  // to sRGB
  Format format_ = Format::png;
  int64_t held_bytes_ = 0;
  bool has_profile_ = false;
  std::vector<std::string> notes_;
};

}  // namespace imaging
