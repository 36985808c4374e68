#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "imaging/image_file.h"
#include "imaging/plane.h"

namespace imaging {

struct ImageOptions {
  Format format = Format::png;
  int quality = 95;        ///< of JPEG and WebP, 1 to 100
  bool lossless = false;   ///< WebP: every sample is kept, the quality says nothing
  bool compressed = true;  ///< TIFF: deflate, which takes longer than to read and blend the pixels
};

/// Throws Error(usage) for a size that the format cannot hold; `path` is for the message.
void require_fitting(const std::filesystem::path& path, const PixelFormat& form, Format format);

/// Writes a picture row by row, in one step: an earlier file stays whole until it is finished, and
/// one that is not finished leaves nothing behind. A thread of its own compresses while the next
/// rows are made. Memory does not grow with the picture's height, but for WebP.
class ImageWriter {
 public:
  /// `described` gives colour profile and resolution, its pixels are not looked at; may be null.
  /// Photoshop's resources come from it, too, if it was read from a JPEG or TIFF and becomes one:
  /// exiftool, which copies the rest, does not know all of them.
  /// Throws Error(usage) for a size that the format cannot hold.
  ImageWriter(const std::filesystem::path& path, const PixelFormat& form, VipsImage* described,
              const ImageOptions& options);
  ~ImageWriter();

  /// The samples of the next row. Throws Error(io), also for a full disk.
  void write_row(const void* samples);

  /// After the last row: the file is whole and gets its name. Before that `complete`, if there is
  /// one, may add to it. Throws Error(io) and what `complete` throws.
  void finish(const std::function<void(const std::filesystem::path&)>& complete = {});

 private:
  static int generate(VipsRegion* out, void* sequence, void* unused, void* self, gboolean* stop);
  bool take_rows(VipsRegion* out);
  imaging::vips::Image make_picture(VipsImage* described);
  void save();
  void join();

  std::filesystem::path path_;
  PixelFormat form_;
  ImageOptions options_;
  common::AtomicFile file_;
  imaging::vips::Image picture_;
  int64_t num_taken_ = 0;  // by the thread alone

  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::deque<std::vector<uint8_t>> rows_;
  bool abandoned_ = false;
  std::optional<std::string> failure_;  // of the thread, which has ended
  std::thread thread_;
};

/// Writes the rows of a gray picture: values in [0,1], rounded to the depth of `form`. Throws as
/// ImageWriter does.
void write_rows(const Plane& plane, const PixelFormat& form, ImageWriter& writer);

/// Writes a gray PNG of 8 bit of values in [0,1], or one in colour, in one step. Throws Error(io).
void write_gray(const std::filesystem::path& path, const Plane& plane);
void write_photo(const std::filesystem::path& path, const Photo& photo);

}  // namespace imaging
