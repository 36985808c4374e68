#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "health/worker_status.h"

namespace launcher {

struct TableStyle {
  size_t columns = 100;  ///< longer lines are cut
  size_t rows = 40;      ///< of workers; where there are more, those furthest behind are shown
  bool colours = false;  ///< those gone or silent for longer than health::kSilent_s are red
};

/// The workers of a job as lines without their ends: a heading, then rank, host, phase, step,
/// samples/s and the age of the last sign of life.
std::vector<std::string> table_lines(std::vector<health::WorkerStatus> workers,
                                     const TableStyle& style);

/// One line for a log: "4 workers, step 1200, furthest behind worker 2 in phase data".
std::string summary_line(const std::vector<health::WorkerStatus>& workers);

/// The workers of a run's newest attempt, by the heartbeats in its folder; their silence is the age
/// of the file by this machine's clock. Empty if no job has run there.
std::vector<health::WorkerStatus> workers_of_run(const std::filesystem::path& run_folder);

/// restore-launch --status: prints the table; if `watch`, again and again until interrupted.
/// Throws Error(usage) if no job has run in this folder.
int print_status(const std::filesystem::path& run_folder, bool watch);

}  // namespace launcher
