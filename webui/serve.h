#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <stop_token>

#include "restore/restored_photo.h"

namespace webui {

struct ServeOptions {
  int port = 0;  ///< of 127.0.0.1; 0: any that is free
  int64_t max_upload_bytes = int64_t{512} << 20;
  int max_photos = 200;
  std::chrono::seconds upload_timeout{300};
  std::chrono::seconds idle{0};  ///< ends after so long without a page and without work; 0: never
  /// Where a folder for the photographs is made, which is deleted in the end; empty: the system's
  /// folder for temporary files.
  std::filesystem::path work_folder;

  /// Throws Error(usage).
  void validate() const;
};

/// Serves the page that restores photographs to the browsers of this machine, and of this user:
/// the address, printed on the standard output, holds a secret. Until `stop` is set or nobody has
/// asked for `idle`; photographs and results are deleted then.
/// `restore_photo` is called from one thread of its own, one photograph at a time. It writes
/// exactly the file RestoreJob::restored, which has no extension, in any format, and says which in
/// RestoredPhoto::format.
/// Returns an exit code. Throws Error(usage) for a port that is taken, Error(io).
int serve(const ServeOptions& options, const restore::RestorePhoto& restore_photo,
          const std::stop_token& stop);

}  // namespace webui
