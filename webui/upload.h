#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "common/error.h"
#include "common/files.h"
#include "webui/photo_queue.h"

namespace webui {

/// What the page takes.
struct PageLimits {
  int64_t max_upload_bytes = int64_t{512} << 20;
  std::chrono::seconds upload_timeout{300};  ///< for all of one upload
  int max_photos = 200;
};

/// A photograph on its way from the browser to the disk. What is wrong with it is told at the end:
/// a browser reads no answer before it has sent everything.
class Upload {
 public:
  Upload(PhotoQueue& queue, PageLimits limits);
  ~Upload();  ///< without finish(): nothing is left

  /// The next bytes. False if it is no use to send more.
  bool receive(const char* data, size_t num_bytes);

  bool is_too_large() const { return num_bytes_ > limits_.max_upload_bytes; }

  /// The photograph on the page, as `name`. Throws Error(usage) if it is too large or there are
  /// too many, Error(corrupt) if it is no picture, Error(io).
  PhotoStatus finish(const std::string& name);

 private:
  PhotoQueue& queue_;
  const PageLimits limits_;
  const std::chrono::steady_clock::time_point deadline_;
  std::optional<PhotoStatus> photo_;  ///< until finish()
  std::optional<common::Error> failure_;
  common::FileDescriptor file_;
  int64_t num_bytes_ = 0;
};

}  // namespace webui
