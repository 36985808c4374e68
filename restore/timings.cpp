#include "restore/timings.h"

#include <sys/resource.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "common/error.h"

namespace restore {
namespace {

double time_of_day() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

int64_t peak_bytes() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  return int64_t{used.ru_maxrss} * 1024;
}

}  // namespace

Timings::Timings(const std::filesystem::path& file) : path_(file), file_(file) {
  if (!file_) throw common::io_error("cannot write", file.string());
}

RestorePhoto Timings::timed(RestorePhoto restore_photo) {
  return [this, restore_photo = std::move(restore_photo)](
             const RestoreJob& job, const RestoreOptions& treatment, const PhotoProgress& progress) {
    double first_tile_at = 0;
    RestoredPhoto photo = restore_photo(job, treatment, [&](double share) {
      if (first_tile_at == 0 && share > kLookedAt) first_tile_at = time_of_day();
      if (progress) progress(share);
    });
    add(photo, first_tile_at);
    return photo;
  };
}

void Timings::add(const RestoredPhoto& photo, double first_tile_at) {
  const auto pixels = static_cast<double>(photo.width * photo.height);
  const nlohmann::json line{
      {"photo", photo.job.photo.string()},        {"megapixels", pixels / 1e6},
      {"first_tile_at", first_tile_at},           {"seconds", photo.seconds},
      {"network_seconds", photo.network_seconds}, {"peak_bytes", peak_bytes()}};
  const std::lock_guard lock(mutex_);
  // A file name may hold any bytes.
  file_ << line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << std::endl;
  if (!file_) throw common::io_error("cannot write", path_.string());
}

}  // namespace restore
