#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "checkpoints/run_state.h"

namespace worker {

/// summary.json: what a run came to, written at the end of each start (docs/run_folder.md). Beside
/// what the run's state says of steps and validations:
struct Summary {
  std::string stop_reason;
  double step_s = 0;               ///< mean over the steps of this start, of rank 0
  double data_wait_share = 0;      ///< of the time of steps, on the worker where it is largest
  double communication_share = 0;  ///< likewise
  double conv_gflops = 0;          ///< a second, of all workers together
  std::string weights_xxh3;
  int64_t num_weights = 0;
  int num_workers = 1;
  int64_t peak_rss_bytes = 0;  ///< of the worker where it is largest
  std::string host;            ///< of rank 0
};

/// Throws Error(io).
void write_summary(const std::filesystem::path& run_folder, const checkpoints::RunState& state,
                   const Summary& summary);

}  // namespace worker
