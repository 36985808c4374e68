#include "launcher/worker_table.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <system_error>
#include <thread>

#include "common/error.h"
#include "launcher/screen.h"

namespace launcher {
namespace {

namespace fs = std::filesystem;
using health::Heartbeat;
using health::WorkerStatus;

std::string age_text(const WorkerStatus& worker) {
  if (worker.gone) return "gone";
  return fmt::format("{:.1f} s ago", worker.silent_s);
}

std::string row(const WorkerStatus& worker, size_t host_width, const TableStyle& style) {
  const Heartbeat& heartbeat = worker.heartbeat;
  std::string line = fmt::format("{:>6}  {:<{}}  {:<10}  {:>9}  {:>9.1f}  {}", heartbeat.rank,
                                 heartbeat.host, host_width, heartbeat.phase, heartbeat.step,
                                 heartbeat.samples_per_s, age_text(worker));
  line.resize(std::min(line.size(), style.columns));
  const bool late = worker.gone || worker.silent_s > health::kSilent_s;
  return late && style.colours ? "\x1b[31m" + line + "\x1b[0m" : line;
}

double file_age_s(const fs::path& path) {
  std::error_code code;
  const auto written = fs::last_write_time(path, code);
  if (code) return 0;
  const auto age = fs::file_time_type::clock::now() - written;
  return std::max(0.0, std::chrono::duration<double>(age).count());
}

}  // namespace

std::vector<std::string> table_lines(std::vector<WorkerStatus> workers, const TableStyle& style) {
  size_t host_width = 4;
  for (const WorkerStatus& worker : workers)
    host_width = std::max(host_width, worker.heartbeat.host.size());
  std::vector<std::string> lines = {fmt::format("{:>6}  {:<{}}  {:<10}  {:>9}  {:>9}  last sign",
                                                "worker", "host", host_width, "phase", "step",
                                                "samples/s")};
  lines[0].resize(std::min(lines[0].size(), style.columns));
  const size_t total = workers.size(), shown = std::min(total, style.rows);
  if (shown < total) {
    health::sort_by_progress(workers);
    workers.resize(shown);
    std::ranges::sort(workers, {},
                      [](const WorkerStatus& worker) { return worker.heartbeat.rank; });
  }
  for (const WorkerStatus& worker : workers) lines.push_back(row(worker, host_width, style));
  if (shown < total) lines.push_back(fmt::format("... and {} that are further on", total - shown));
  return lines;
}

std::string summary_line(const std::vector<WorkerStatus>& workers) {
  if (workers.empty()) return "no worker has given a sign of life yet";
  const auto step_of = [](const WorkerStatus& worker) { return worker.heartbeat.step; };
  const int64_t step = step_of(*std::ranges::max_element(workers, {}, step_of));
  const Heartbeat& last = furthest_behind(workers).heartbeat;
  return fmt::format("{} worker{}, step {}, furthest behind worker {} in phase {}", workers.size(),
                     workers.size() == 1 ? "" : "s", step, last.rank, last.phase);
}

std::vector<WorkerStatus> workers_of_run(const fs::path& run_folder) {
  const std::vector<Heartbeat> heartbeats = health::read_heartbeats(run_folder);
  if (heartbeats.empty()) return {};
  const int newest = std::ranges::max_element(heartbeats, {}, &Heartbeat::attempt)->attempt;
  std::vector<WorkerStatus> workers;
  for (const Heartbeat& heartbeat : heartbeats) {
    if (heartbeat.attempt != newest) continue;
    const double age_s = file_age_s(health::heartbeat_path(run_folder, heartbeat.rank));
    workers.push_back({.heartbeat = heartbeat, .silent_s = age_s, .gone = is_gone(heartbeat)});
  }
  return workers;
}

int print_status(const fs::path& run_folder, bool watch) {
  Screen screen(STDOUT_FILENO);
  do {
    const std::vector<WorkerStatus> workers = workers_of_run(run_folder);
    if (workers.empty()) {
      throw common::usage_error(run_folder.string() +
                                " holds no heartbeats: no job has run there; give the folder of a "
                                "run, such as runs/train");
    }
    std::vector<std::string> lines = table_lines(workers, screen.style());
    lines.insert(lines.begin(),
                 fmt::format("{}, attempt {}: {}", run_folder.string(),
                             workers.front().heartbeat.attempt, summary_line(workers)));
    screen.draw(lines);
    if (watch) std::this_thread::sleep_for(std::chrono::milliseconds(500));
  } while (watch);
  return common::kExitDone;
}

}  // namespace launcher
