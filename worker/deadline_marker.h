#pragma once

#include <filesystem>

namespace worker {

/// A file of the run's folder by which the first worker whose deadline has passed tells all others:
/// they write their dumps, too, and leave the telling to it.
class DeadlineMarker {
 public:
  DeadlineMarker(const std::filesystem::path& run_folder, int attempt);

  bool is_there() const;

  /// Makes it. False if another worker was first; true also where the disk takes no file: better
  /// told twice than never.
  bool claim() const;

 private:
  std::filesystem::path path_;  // among the heartbeats: a new job clears it away with them
};

}  // namespace worker
