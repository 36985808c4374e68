#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "common/error.h"
#include "common/files.h"
#include "common/hash.h"
#include "common/progress.h"
#include "dataset/sharding/shard_commands.h"
#include "dataset/store/store.h"
#include "dataset/store/virtual_store.h"

namespace dataset {
namespace fs = std::filesystem;

namespace {

std::vector<std::string> defects_of(const fs::path& folder, const ShardEntry& entry) {
  try {
    return open_listed_shard(folder, entry).defects();
  } catch (const common::Error& error) {
    if (error.kind() != common::ErrorKind::corrupt) throw;
    return {error.what()};
  }
}

std::vector<std::string> defects_of_virtual_store(const fs::path& folder,
                                                  const Manifest& manifest) {
  const fs::path path = virtual_store_path(folder);
  if (!fs::exists(path)) return {path.string() + " is missing"};
  if (common::xxh3(common::read_file(path)) == manifest.virtual_xxh3) return {};
  return {path.string() + " does not match its checksum"};
}

}  // namespace

std::string describe_store(const fs::path& folder) {
  const Store store(folder);
  const Manifest& manifest = store.manifest();
  int64_t bytes = 0;
  for (const ShardEntry& shard : manifest.shards) bytes += shard.bytes;
  std::string text = fmt::format(
      "{}\n  samples      {} to train on, {} to validate with, {} x {} pixels\n"
      "  shards       {}, {:.1f} MB\n"
      "  photos       {}; {} variants each, seed {}, short side {}\n"
      "  fingerprint  {}\n",
      folder.string(), store.num_samples(Split::train), store.num_samples(Split::valid),
      store.patch(), store.patch(), manifest.shards.size(), static_cast<double>(bytes) * 1e-6,
      manifest.photos.size(), manifest.parameters.variants, manifest.parameters.seed,
      manifest.parameters.short_side, store.fingerprint());
  for (const PhotoRecord& photo : manifest.photos) {
    if (photo.use != PhotoUse::used)
      text += fmt::format("  skipped      {}: {}\n", photo.name, photo.why);
  }
  return text + "recipe:\n" + store.recipe_yaml();
}

std::string verify_store(const fs::path& folder) {
  const Manifest manifest = read_manifest(folder);
  common::Progress progress("verifying", "shards", static_cast<int64_t>(manifest.shards.size()));
  size_t num_defects = 0;
  const auto report = [&](const std::vector<std::string>& defects) {
    num_defects += defects.size();
    if (!defects.empty()) progress.pause();
    for (const std::string& defect : defects) spdlog::error(defect);
  };
  int64_t done = 0;
  for (const ShardEntry& entry : manifest.shards) {
    report(defects_of(folder, entry));
    progress.update(++done);
  }
  report(defects_of_virtual_store(folder, manifest));
  if (num_defects > 0) {
    throw common::corrupt_error(
        fmt::format("{}: {} defects; delete the files named above and run the "
                    "restore-shard command of this store again",
                    folder.string(), num_defects));
  }
  return fmt::format("{}: {} shards, every checksum matches\n", folder.string(),
                     manifest.shards.size());
}

}  // namespace dataset
