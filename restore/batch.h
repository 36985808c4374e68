#pragma once

#include <vector>

#include "restore/restored_photo.h"

namespace restore {

struct BatchOptions {
  int64_t jobs = 1;                    ///< photographs at a time
  bool overwrite = false;              ///< results that are there are made again
  std::filesystem::path timings = {};  ///< see restore_batch(); empty: none
  std::filesystem::path report = {};   ///< a page (webui/report.h); its folder is made; empty: none

  /// Throws Error(usage), or Error(io) for the folder of the report.
  void validate() const;
};

void add_options(common::CommandLine& line, BatchOptions& options);

/// What became of a batch.
struct BatchResult {
  std::vector<std::filesystem::path> failed;  ///< each was named in the log
  int64_t num_there = 0;                      ///< passed over: their results are there already
  bool interrupted = false;
};

/// Restores photographs, prints a line for each that is done, and progress of the whole. Results
/// from an earlier run are not made again, so an interrupted batch goes on where it was. A
/// photograph that cannot be restored, or whose result cannot be written, is named in the log and
/// the others go on. After a stop,
/// photographs that are not done leave nothing behind. `done` is told of each photograph that is
/// done, one at a time. `options.timings` gets a line of JSON for each: {"photo", "megapixels",
/// "first_tile_at", "seconds", "network_seconds", "peak_bytes"}; the last is of the process so far.
/// Throws Error(io) if the disk is full: the next result could not be written either.
BatchResult restore_batch(const std::vector<RestoreJob>& jobs, const RestoreOptions& options,
                          const BatchOptions& batch, const RestorePhoto& restore_photo,
                          const std::function<void(const RestoredPhoto&)>& done,
                          const std::stop_token& stop);

/// Photographs that share memory and cores: --jobs, or all if there are fewer. Of 0, those of a
/// page, it is not known.
int64_t num_at_once(const BatchOptions& batch, size_t num_photos);

/// For whoever named no photograph: says what can be done, on standard error. Returns the exit
/// code.
int say_what_to_name();

/// Logs what became of it; returns the exit code.
int report_batch(const BatchResult& result, size_t num_jobs);

}  // namespace restore
