#include "restore/restore_photos.h"

#include <spdlog/spdlog.h>

#include <chrono>
#include <cstdio>
#include <optional>

#include "common/error.h"
#include "common/files.h"
#include "common/progress.h"

namespace restore {
namespace {

/// Nothing, and a line in the log, for a photograph that cannot be read.
std::optional<Scan> try_to_read(const std::filesystem::path& photo, common::Progress& progress) {
  try {
    return read_scan(photo);
  } catch (const common::Error& error) {
    progress.pause();
    spdlog::error("{}", error.what());
    return std::nullopt;
  }
}

void log_notes(const std::filesystem::path& photo, const std::vector<std::string>& notes,
               common::Progress& progress) {
  for (const auto& note : notes) {
    progress.pause();
    spdlog::info("{}: {}", photo.string(), note);
  }
}

void write_results(const RestoreJob& job, const RestoreOptions& options, const Scan& scan,
                   const Restored& restored) {
  common::make_directories(job.restored.parent_path());
  WriteOptions write{options.format, scan.bits, scan.pixels_per_mm_x, scan.pixels_per_mm_y};
  write_gray(job.restored, restored.luma, write);
  if (!options.save_damage) return;
  write.format = Format::png;
  write.bits = 8;
  write_gray(job.mask, restored.damage, write);
}

void restore_one(const RestoreJob& job, const RestoreOptions& options, const Restorer& restorer,
                 const Scan& scan, const Restorer::TileDone& tile_done) {
  Restored restored = restorer.restore(scan.luma, nullptr, tile_done);
  mix(scan.luma, options.strength, restored.luma);
  write_results(job, options, scan, restored);
}

}  // namespace

std::vector<std::filesystem::path> restore_photos(const std::vector<RestoreJob>& jobs,
                                                  const RestoreOptions& options,
                                                  const Restorer& restorer) {
  using Clock = std::chrono::steady_clock;
  std::vector<std::filesystem::path> failed;
  common::Progress progress("restoring", "photos", static_cast<int64_t>(jobs.size()));
  for (size_t i = 0; i < jobs.size(); ++i) {
    const auto num_done = static_cast<int64_t>(i);
    const std::string name = jobs[i].photo.filename().string();
    progress.update(num_done, name);
    const auto start = Clock::now();
    const auto scan = try_to_read(jobs[i].photo, progress);
    if (!scan) {
      failed.push_back(jobs[i].photo);
      continue;
    }
    log_notes(jobs[i].photo, scan->notes, progress);
    if (scan->bits == 16 && options.format == Format::jpeg) {
      log_notes(jobs[i].photo, {"JPEG has 8 bit a sample: 16 were rounded to 8"}, progress);
    }
    restore_one(jobs[i], options, restorer, *scan, [&](int64_t done, int64_t total) {
      progress.update(num_done, name + fmt::format(" {}%", 100 * done / total));
    });
    progress.pause();
    std::printf("%s  %lldx%lld  %.1f s\n", jobs[i].restored.c_str(),
                static_cast<long long>(scan->luma.width), static_cast<long long>(scan->luma.height),
                std::chrono::duration<double>(Clock::now() - start).count());
    std::fflush(stdout);
  }
  progress.finish();
  return failed;
}

}  // namespace restore
