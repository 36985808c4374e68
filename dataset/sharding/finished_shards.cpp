#include "dataset/sharding/finished_shards.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/file.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <regex>

#include "common/error.h"
#include "dataset/store/manifest.h"
#include "dataset/store/store.h"
#include "dataset/store/virtual_store.h"

namespace dataset {
namespace fs = std::filesystem;
using common::Error;
using common::ErrorKind;

namespace {

const std::regex kShardName("(train|valid)-[0-9]{5}\\.h5");

std::string difference(const StoreParameters& made, const StoreParameters& wanted) {
  const auto number = [](const char* option, auto before, auto now) {
    return fmt::format("it was made with {} {}, and {} is asked for now", option, before, now);
  };
  if (made.seed != wanted.seed) return number("--seed", made.seed, wanted.seed);
  if (made.variants != wanted.variants) return number("--variants", made.variants, wanted.variants);
  if (made.patch != wanted.patch) return number("--patch", made.patch, wanted.patch);
  if (made.short_side != wanted.short_side) {
    return number("--short-side", made.short_side, wanted.short_side);
  }
  if (made.awgn_sigma != wanted.awgn_sigma)
    return "the noise of its recipe (awgn.sigma) is another";
  if (made.recipe != wanted.recipe) return "its recipe is another one";
  if (made.dirt != wanted.dirt) return "it was made with other dirt pictures";
  if (made.ageing != wanted.ageing) {
    return fmt::format("version {} of the ageing made it, and this program has version {}",
                       made.ageing, wanted.ageing);
  }
  return {};
}

/// Empty if the shard is the planned one.
std::string difference(const ShardAbout& made, const PlannedShard& wanted,
                       const StoreParameters& parameters) {
  std::string text = difference(made.parameters, parameters);
  for (size_t i = 0; text.empty() && i < std::max(made.photos.size(), wanted.photos.size()); ++i) {
    if (i >= made.photos.size()) return wanted.photos[i].file.name + " is not in it";
    const PhotoRecord& record = made.photos[i];
    if (i >= wanted.photos.size()) return record.name + " is in it and not wanted there now";
    const CatalogPhoto& photo = wanted.photos[i];
    if (record.name != photo.file.name || record.number != photo.record.number) {
      return fmt::format("it has {} (photo {}) where {} (photo {}) is wanted", record.name,
                         record.number, photo.file.name, photo.record.number);
    }
    if (!is_same_file(photo, record)) return record.name + " has changed since";
  }
  return text;
}

/// If store.json lists the shard, its size and checksum are compared. If not, a run ended early,
/// perhaps because the machine did: every byte is read.
void check_shard(const fs::path& folder, const std::string& file,
                 const std::optional<Manifest>& manifest) {
  if (manifest) {
    for (const ShardEntry& entry : manifest->shards) {
      if (entry.file == file) {
        open_listed_shard(folder, entry);
        return;
      }
    }
  }
  const std::vector<std::string> defects = Shard(folder / file).defects();
  if (!defects.empty()) throw common::corrupt_error(defects.front());
}

std::optional<ShardAbout> read_about(const fs::path& folder, const std::string& file,
                                     const std::optional<Manifest>& manifest) {
  const fs::path path = folder / file;
  if (!fs::exists(path)) return std::nullopt;
  try {
    check_shard(folder, file, manifest);
    return parse_shard_about(read_shard_file(path).about, path.string());
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::corrupt) throw;
    spdlog::warn("{}: this shard is made again", error.what());
    return std::nullopt;
  }
}

[[noreturn]] void refuse(const fs::path& path, const std::string& why) {
  throw common::config_error(
      path.string() + " belongs to another store: " + why +
      ". Choose another --store, or give --overwrite to remove this one first");
}

void refuse_unplanned(const fs::path& folder, const std::vector<PlannedShard>& shards) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    const bool planned = std::any_of(shards.begin(), shards.end(),
                                     [&](const PlannedShard& shard) { return shard.file == name; });
    if (std::regex_match(name, kShardName) && !planned) {
      refuse(entry.path(), "the photographs given now need no such shard");
    }
  }
}

void remove_file(const fs::path& path) {
  std::error_code error;
  fs::remove(path, error);
  if (error) {
    throw Error(ErrorKind::io, "cannot remove " + path.string() + ": " + error.message());
  }
}

void remove_matching(const fs::path& folder, const std::regex& pattern) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (std::regex_match(entry.path().filename().string(), pattern)) found.push_back(entry.path());
  }
  for (const fs::path& path : found) remove_file(path);
}

}  // namespace

void find_finished(const fs::path& folder, const StoreParameters& parameters,
                   std::vector<PlannedShard>& shards) {
  if (!fs::is_directory(folder)) return;
  std::optional<Manifest> manifest;
  if (fs::exists(manifest_path(folder))) manifest = read_manifest(folder);
  refuse_unplanned(folder, shards);
  for (PlannedShard& shard : shards) {
    const std::optional<ShardAbout> about = read_about(folder, shard.file, manifest);
    if (!about) continue;
    const std::string why = difference(*about, shard, parameters);
    if (!why.empty()) refuse(folder / shard.file, why);
    for (size_t i = 0; i < shard.photos.size(); ++i) shard.photos[i].record = about->photos[i];
    shard.finished = true;
  }
}

common::FileDescriptor lock_folder(const fs::path& folder) {
  // On the folder itself: nothing stays behind when a run is killed.
  common::FileDescriptor lock = common::open_file(folder, O_RDONLY | O_DIRECTORY);
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    throw common::usage_error("another restore-shard is writing to " + folder.string() +
                              "; wait for it to end or choose another --store");
  }
  return lock;  // a disk without locks is trusted to have one writer
}

void remove_store(const fs::path& folder) {
  remove_file(manifest_path(folder));  // first: what is left is no store any more
  remove_file(virtual_store_path(folder));
  remove_matching(folder, kShardName);
}

void remove_temporary_files(const fs::path& folder) {
  remove_matching(folder,
                  std::regex("((train|valid)-[0-9]{5}\\.h5|store\\.(h5|json))\\.[0-9]+\\.tmp"));
}

}  // namespace dataset
