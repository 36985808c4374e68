#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "imaging/image_file.h"
#include "imaging/temporary_file.h"

namespace imaging {

struct ImageOptions {
  Format format = Format::png;
  int quality = 95;        ///< of JPEG and of WebP that is not lossless, 1 to 100
  bool lossless = false;   ///< WebP
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
  /// Throws Error(usage) for a size that the format cannot hold.
  ImageWriter(const std::filesystem::path& path, const PixelFormat& form, VipsImage* described,
                const ImageOptions& options);
  ~ImageWriter();
  ImageWriter(const ImageWriter&) = delete;
  ImageWriter& operator=(const ImageWriter&) = delete;

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
  TemporaryFile file_;
  imaging::vips::Image picture_;
  int64_t num_taken_ = 0;  // by the thread alone

  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::deque<std::vector<uint8_t>> rows_;
  bool abandoned_ = false;
  std::optional<std::string> failure_;  // of the thread, which has ended
  std::thread thread_;
};

}  // namespace imaging
