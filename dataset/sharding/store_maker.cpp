#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <chrono>

#include "common/error.h"
#include "common/files.h"
#include "common/hash.h"
#include "common/progress.h"
#include "dataset/ageing/age_photo.h"
#include "dataset/sharding/finished_shards.h"
#include "dataset/sharding/shard_builder.h"
#include "dataset/sharding/shard_commands.h"
#include "dataset/store/store.h"
#include "dataset/store/virtual_store.h"
#include "imaging/photo_reader.h"

namespace dataset {
namespace fs = std::filesystem;

namespace {

void examine_photos(std::vector<PlannedShard>& shards, const StoreParameters& parameters,
                    int64_t num_threads) {
  std::vector<CatalogPhoto*> photos;
  for (PlannedShard& shard : shards) {
    if (shard.finished) continue;
    for (CatalogPhoto& photo : shard.photos) photos.push_back(&photo);
  }
  std::atomic<size_t> next = 0;
  run_threads(num_threads, [&] {
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
      throw common::corrupt_error(photo.record.why + "; without --strict it would be left out");
    }
  }
}

Manifest assemble(const fs::path& folder, const StoreParameters& parameters,
                  const std::vector<PlannedShard>& shards) {
  Manifest manifest;
  manifest.parameters = parameters;
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

int64_t samples_of(const std::vector<PlannedShard>& shards) {
  int64_t count = 0;
  for (const PlannedShard& shard : shards) count += shard.num_samples();
  return count;
}

void refuse_empty(int64_t num_samples) {
  if (num_samples > 0) return;
  throw common::corrupt_error(
      "none of the photographs can be used: each is unreadable or smaller than a patch");
}

/// Writes store.h5 and, last, store.json.
Manifest finish_store(const StoreSpec& spec, const std::vector<PlannedShard>& shards) {
  refuse_empty(samples_of(shards));
  Manifest manifest = assemble(spec.folder, spec.parameters, shards);
  write_virtual_store(spec.folder, manifest);
  manifest.virtual_xxh3 = common::xxh3(common::read_file(virtual_store_path(spec.folder)));
  write_manifest(spec.folder, manifest);
  return manifest;
}

std::string up_to_date(const fs::path& folder, const std::vector<PlannedShard>& shards) {
  return folder.string() + " is up to date: " + summary(shards) + ". Nothing to do.\n";
}

bool is_whole(const fs::path& folder, const std::vector<PlannedShard>& shards) {
  return fs::exists(manifest_path(folder)) && fs::exists(virtual_store_path(folder)) &&
         std::all_of(shards.begin(), shards.end(),
                     [](const PlannedShard& shard) { return shard.finished; });
}

/// Everything besides the photographs that decides the bytes of the store.
StoreParameters store_parameters(const AgeingSettings& ageing, const ageing::Recipe& recipe,
                                 const ageing::DirtPictures& dirt) {
  StoreParameters parameters;
  parameters.recipe = ageing::recipe_yaml(recipe);
  parameters.seed = ageing.seed;
  parameters.variants = ageing.variants;
  parameters.short_side = ageing.short_side;
  parameters.patch = ageing.patch;
  parameters.awgn_sigma = {recipe.awgn.sigma.low, recipe.awgn.sigma.high};
  parameters.awgn_probability = recipe.awgn.probability;
  parameters.awgn_on_damage = recipe.awgn.on_damage;
  parameters.dirt = dirt.checksum();
  parameters.ageing = ageing::kAgeingVersion;
  return parameters;
}

StoreSpec make_spec(const ShardSettings& settings) {
  const auto recipe = ageing::load_recipe(settings.ageing.recipe, settings.ageing.overrides);
  const auto dirt = ageing::load_dirt(recipe.textures, imaging::read_dirt_pictures);
  return {settings.store, store_parameters(settings.ageing, recipe, dirt), recipe, dirt,
          settings.strict};
}

/// Locks the store's folder for all processes of this run, removes what must go and finds what is
/// finished.
common::FileDescriptor take_folder(const ShardSettings& settings, const StoreParameters& parameters,
                                   std::vector<PlannedShard>& shards) {
  common::make_directories(settings.store);
  common::FileDescriptor lock = lock_folder(settings.store);
  remove_temporary_files(settings.store);
  if (settings.overwrite) remove_store(settings.store);
  if (!settings.overwrite) find_finished(settings.store, parameters, shards);
  if (settings.strict) refuse_unreadable(shards);
  return lock;
}

/// Makes this process's share of the shards. Returns the times of all processes on process 0.
WorkTimes make_missing(const Processes& processes, const StoreSpec& spec, int64_t num_threads,
                       std::vector<PlannedShard>& shards) {
  std::vector<PlannedShard> own = own_shards(processes, shards);
  examine_photos(own, spec.parameters, num_threads);
  if (spec.strict) refuse_unreadable(own);
  const int64_t finished = processes.is_first() ? samples_of(shards) : 0;
  refuse_empty(processes.sum(finished + samples_of(own)));
  const WorkTimes times = build_shards(spec, processes, num_threads, own);
  return gather_records(processes, own, times, shards);
}

std::string dry_run(const ShardSettings& settings) {
  const StoreSpec spec = make_spec(settings);
  auto shards = plan_shards(catalog_photos(settings.source, settings.ageing.seed));
  if (!settings.overwrite) find_finished(settings.store, spec.parameters, shards);
  if (settings.strict) refuse_unreadable(shards);
  if (is_whole(settings.store, shards)) return up_to_date(settings.store, shards);
  examine_photos(shards, spec.parameters, settings.threads);
  return plan_text(shards, spec.parameters.patch);
}

}  // namespace

std::string make_store(const ShardSettings& settings, const Processes& processes) {
  if (settings.modes.dry_run) return processes.is_first() ? dry_run(settings) : std::string();
  const auto start = std::chrono::steady_clock::now();
  // Process 0 goes first, so that an error that all would meet is reported once.
  if (!processes.is_first()) processes.wait_for_all();
  const StoreSpec spec = make_spec(settings);
  auto shards = plan_shards(catalog_photos(settings.source, settings.ageing.seed));
  common::FileDescriptor lock;
  if (processes.is_first()) {
    lock = take_folder(settings, spec.parameters, shards);
    processes.wait_for_all();
  }
  const bool whole =
      broadcast_plan(processes, processes.is_first() && is_whole(settings.store, shards), shards);
  if (whole) return processes.is_first() ? up_to_date(settings.store, shards) : std::string();
  const WorkTimes times = make_missing(processes, spec, settings.threads, shards);
  if (!processes.is_first()) return {};
  const Manifest manifest = finish_store(spec, shards);
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  return fmt::format("{}: {}; fingerprint {}; {}; {}\n", settings.store.string(), summary(shards),
                     manifest.fingerprint(), common::duration_text(elapsed.count()),
                     shares_text(times));
}

}  // namespace dataset
