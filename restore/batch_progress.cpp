#include "restore/batch_progress.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <cstdio>
#include <numeric>

namespace restore {
namespace {

namespace fs = std::filesystem;

constexpr double kUnit = 1e6;  // megabytes

std::vector<double> sizes_of(const std::vector<RestoreJob>& jobs) {
  std::vector<double> sizes;
  for (const RestoreJob& job : jobs) {
    std::error_code error;
    const auto bytes = fs::file_size(job.photo, error);
    sizes.push_back(error ? 0 : static_cast<double>(bytes) / kUnit);
  }
  return sizes;
}

int64_t rounded_up(double value) { return static_cast<int64_t>(value) + 1; }

const char* colour_text(Findings::Colour colour) {
  switch (colour) {
    case Findings::Colour::gray: return "gray";
    case Findings::Colour::toned: return "toned";
    case Findings::Colour::coloured: return "colour";
  }
  return "";
}

/// "4000x3000  20.1 s  grain 6.2, 1.3% damaged".
std::string done_text(const RestoredPhoto& photo) {
  return fmt::format("{}  {}x{} {}  {:.1f} s  grain {:.1f}, {:.2g}% damaged",
                     photo.job.restored.string(), photo.width, photo.height,
                     colour_text(photo.found.colour), photo.seconds, photo.found.grain,
                     100 * photo.found.damaged_share);
}

}  // namespace

BatchProgress::BatchProgress(const std::vector<RestoreJob>& jobs)
    : jobs_(jobs),
      size_(sizes_of(jobs)),
      progress_("restoring", "MB", rounded_up(std::accumulate(size_.begin(), size_.end(), 0.0))) {}

std::string BatchProgress::doing() const {
  std::string text = fmt::format("{}/{} photos", num_finished_, jobs_.size());
  for (const auto& [job, share] : going_on_) {
    const std::string name = jobs_[job].photo.filename().string();
    text += share > kLookedAt ? fmt::format("  {} {:.0f}%", name, 100 * share)
                              : fmt::format("  looking at {}", name);
  }
  return text;
}

void BatchProgress::update(size_t job, double share) {
  const std::lock_guard lock(mutex_);
  going_on_[job] = share;
  double done = finished_;
  for (const auto& [other, part] : going_on_) done += part * size_[other];
  progress_.update(static_cast<int64_t>(done), doing());
}

void BatchProgress::finish_job(size_t job) {
  going_on_.erase(job);
  finished_ += size_[job];
  ++num_finished_;
  progress_.pause();
}

void BatchProgress::done(size_t job, const RestoredPhoto& photo) {
  const std::lock_guard lock(mutex_);
  finish_job(job);
  for (const auto& note : photo.notes) spdlog::info("{}: {}", photo.job.photo.string(), note);
  std::printf("%s\n", done_text(photo).c_str());
  std::fflush(stdout);
}

void BatchProgress::failed(size_t job, const std::string& message) {
  const std::lock_guard lock(mutex_);
  finish_job(job);
  spdlog::error("{}", message);
}

void BatchProgress::passed_over(size_t job) {
  const std::lock_guard lock(mutex_);
  finish_job(job);
}

}  // namespace restore
