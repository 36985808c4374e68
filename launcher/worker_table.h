#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "launcher/worker_group_watch.h"

namespace launcher {

struct TableStyle {
  size_t columns = 100;  ///< longer lines are cut
  size_t rows = 40;      ///< of workers; where there are more, those furthest behind are shown
  bool colours = false;
  double late_after_s = 3;  ///< a worker silent for longer is marked
};

/// The workers of a job as lines without their ends: a heading, then rank, host, phase, step,
/// samples/s and the age of the last sign of life.
std::vector<std::string> table_lines(std::vector<WorkerSight> workers, const TableStyle& style);

/// One line for a log: "4 workers, step 1200, furthest behind worker 2 in phase data".
std::string summary_line(const std::vector<WorkerSight>& workers);

/// The workers of the newest worker group of a run by the heartbeats in its folder; ages are those of the
/// files by this machine's clock. Empty if none has run there.
std::vector<WorkerSight> workers_of_run(const std::filesystem::path& run_folder);

/// restore-launch --status: prints the table, and again and again if `watch`, until interrupted.
/// Throws Error(usage) if no job has run in this folder.
int print_status(const std::filesystem::path& run_folder, bool watch);

}  // namespace launcher
