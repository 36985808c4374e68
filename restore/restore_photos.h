#pragma once

#include <stop_token>
#include <vector>

#include "restore/restored_photo.h"

namespace restore {

struct BatchOptions {
  int64_t jobs = 1;    ///< photographs at a time
  bool force = false;  ///< results that are there are made anew
  /// Told of each photograph that is done, one at a time.
  std::function<void(const RestoredPhoto&)> done = {};

  /// Throws Error(usage).
  void validate() const;
};

/// What became of a batch.
struct BatchResult {
  std::vector<std::filesystem::path> failed;  ///< each was named in the log
  int64_t num_there = 0;                      ///< passed over: their results are there already
  bool interrupted = false;
};

/// Restores photographs, prints a line for each that is done, and progress of the whole. What is
/// there from an earlier run is not made again, so an interrupted batch goes on where it was. A
/// photograph that cannot be restored is named in the log and the others go on. `stop` ends the
/// batch soon; photographs that are not done leave nothing behind.
/// Throws Error(io) if a result cannot be written: the next could not either.
BatchResult restore_photos(const std::vector<RestoreJob>& jobs, const RestoreOptions& treatment,
                           const BatchOptions& options, const RestorePhoto& restore_photo,
                           const std::stop_token& stop);

}  // namespace restore
