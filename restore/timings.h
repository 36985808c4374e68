#pragma once

#include <filesystem>
#include <fstream>
#include <mutex>

#include "restore/restored_photo.h"

namespace restore {

/// Where the time goes, for measurements: a line of JSON for each photograph that was restored,
/// {"photo", "megapixels", "first_tile_at", "seconds", "network_seconds", "peak_bytes"}.
/// "first_tile_at" is the time of day, in seconds, at which its first tile was done: the caller
/// knows when it started the program. "peak_bytes" is the most memory that the process held so far.
class Timings {
 public:
  /// Throws Error(io) if the file cannot be written.
  explicit Timings(const std::filesystem::path& file);

  /// The same work, and a line for it. This object must outlive it; threads may call it at once.
  RestorePhoto timed(RestorePhoto restore_photo);

 private:
  void add(const RestoredPhoto& photo, double first_tile_at);

  std::filesystem::path path_;
  std::mutex mutex_;  // guards file_
  std::ofstream file_;
};

}  // namespace restore
