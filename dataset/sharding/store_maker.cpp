#include "dataset/sharding/store_maker.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/file.h>

#include <algorithm>
#include <atomic>
#include <cerrno>

#include "common/error.h"
#include "common/files.h"
#include "common/progress.h"
#include "dataset/sharding/crew.h"
#include "dataset/sharding/shard_crew.h"
#include "dataset/store/store.h"

namespace dataset {
namespace fs = std::filesystem;
using common::Error;
using common::ErrorKind;

namespace {

/// The lock lies on the folder itself, so that nothing stays behind when a run is killed.
common::FileDescriptor lock_folder(const fs::path& folder) {
  common::FileDescriptor lock = common::open_file(folder, O_RDONLY | O_DIRECTORY);
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    throw Error(ErrorKind::usage, "another restore-shard is writing to " + folder.string() +
                                      "; wait for it to end or choose another --store");
  }
  return lock;  // a disk that knows no locks is trusted to have one writer
}

void examine_photos(std::vector<PlannedShard>& shards, const StoreParameters& parameters,
                    int64_t num_threads) {
  std::vector<CatalogPhoto*> photos;
  for (PlannedShard& shard : shards) {
    if (shard.finished) continue;
    for (CatalogPhoto& photo : shard.photos) photos.push_back(&photo);
  }
  std::atomic<size_t> next = 0;
  work_together(num_threads, [&] {
    const size_t mine = next++;
    if (mine < photos.size()) examine(*photos[mine], parameters);
    return mine < photos.size();
  });
  for (const CatalogPhoto* photo : photos) {
    const PhotoRecord& record = photo->record;
    if (record.use == PhotoUse::too_small) spdlog::warn("skipped: {}: {}", record.name, record.why);
    if (record.use == PhotoUse::unreadable) spdlog::warn("skipped: {}", record.why);
  }
}

void refuse_unreadable(const std::vector<PlannedShard>& shards) {
  for (const PlannedShard& shard : shards) {
    for (const CatalogPhoto& photo : shard.photos) {
      if (photo.record.use != PhotoUse::unreadable) continue;
      throw Error(ErrorKind::corrupt, photo.record.why + "; without --strict it would be left out");
    }
  }
}

Manifest assemble(const fs::path& folder, const StoreParameters& parameters,
                  const std::vector<PlannedShard>& shards) {
  Manifest manifest{parameters, {}, {}};
  for (const PlannedShard& planned : shards) {
    const Shard shard(folder / planned.file);
    manifest.shards.push_back({planned.file, planned.photos.front().record.split, shard.samples(),
                               static_cast<int64_t>(fs::file_size(folder / planned.file)),
                               shard.checksum()});
    for (const CatalogPhoto& photo : planned.photos) manifest.photos.push_back(photo.record);
  }
  std::sort(manifest.photos.begin(), manifest.photos.end(),
            [](const PhotoRecord& a, const PhotoRecord& b) { return a.number < b.number; });
  return manifest;
}

/// "21 photos, 640 samples to train on and 64 to validate with; 2 photos skipped"
std::string summary(const std::vector<PlannedShard>& shards) {
  int64_t used = 0, skipped = 0, train = 0, valid = 0;
  for (const PlannedShard& shard : shards) {
    for (const CatalogPhoto& photo : shard.photos) {
      ++(photo.record.use == PhotoUse::used ? used : skipped);
      (photo.record.split == Split::train ? train : valid) += photo.record.num_samples;
    }
  }
  return fmt::format("{} photos, {} samples to train on and {} to validate with; {} photos skipped",
                     used, train, valid, skipped);
}

void refuse_empty(const std::vector<PlannedShard>& shards) {
  for (const PlannedShard& shard : shards) {
    if (shard.num_samples() > 0) return;
  }
  throw Error(ErrorKind::corrupt, "none of the photographs can be used: " + summary(shards));
}

std::string plan_text(const std::vector<PlannedShard>& shards, const StoreParameters& parameters) {
  int64_t missing = 0, samples = 0;
  for (const PlannedShard& shard : shards) {
    missing += shard.finished ? 0 : 1;
    samples += shard.finished ? 0 : shard.num_samples();
  }
  const int64_t bytes = samples * (5 * parameters.patch * parameters.patch + 48);
  return fmt::format("{}\nto be made: {} of {} shards, {} samples, {:.1f} MB\n", summary(shards),
                     missing, shards.size(), samples, static_cast<double>(bytes) * 1e-6);
}

std::string make_missing(const ShardOrder& order, std::vector<PlannedShard>& shards,
                         int64_t num_threads) {
  const auto start = std::chrono::steady_clock::now();
  if (order.strict) refuse_unreadable(shards);
  refuse_empty(shards);
  ShardCrew(order, shards).work(num_threads);
  refuse_empty(shards);
  const Manifest manifest = assemble(order.folder, order.parameters, shards);
  write_manifest(order.folder, manifest);
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  return fmt::format("{}: {}; fingerprint {}; {}\n", order.folder.string(), summary(shards),
                     manifest.fingerprint(), common::duration_text(elapsed.count()));
}

bool is_whole(const fs::path& folder, const std::vector<PlannedShard>& shards) {
  return fs::exists(manifest_path(folder)) &&
         std::all_of(shards.begin(), shards.end(),
                     [](const auto& shard) { return shard.finished; });
}

}  // namespace

StoreParameters store_parameters(const AgeingSettings& ageing, const ageing::Recipe& recipe) {
  return {ageing::recipe_yaml(recipe), ageing.seed, ageing.variants, ageing.short_side,
          ageing.patch};
}

std::string make_store(const ShardSettings& settings) {
  const ageing::Recipe recipe =
      ageing::load_recipe(settings.ageing.recipe, settings.ageing.overrides);
  const ShardOrder order{settings.store, store_parameters(settings.ageing, recipe), recipe,
                         settings.strict};
  auto shards = plan_shards(catalog_photos(settings.source, settings.ageing.seed));
  const bool dry = settings.modes.dry_run;
  if (!dry) common::make_directories(settings.store);
  const common::FileDescriptor lock = dry ? common::FileDescriptor() : lock_folder(settings.store);
  if (!dry) remove_temporary_files(settings.store);
  if (settings.overwrite && !dry) remove_store(settings.store);
  if (!settings.overwrite) find_finished(settings.store, order.parameters, shards);
  if (settings.strict) refuse_unreadable(shards);
  if (is_whole(settings.store, shards)) {
    return settings.store.string() + " is up to date: " + summary(shards) + ". Nothing to do.\n";
  }
  examine_photos(shards, order.parameters, settings.threads);
  return dry ? plan_text(shards, order.parameters) : make_missing(order, shards, settings.threads);
}

}  // namespace dataset
