#include "dataset/store/store.h"

#include <algorithm>

#include "common/error.h"
#include "common/hash.h"

namespace dataset {
namespace fs = std::filesystem;

Shard open_listed_shard(const fs::path& folder, const ShardEntry& entry) {
  const fs::path path = folder / entry.file;
  const auto refuse = [&](const std::string& why) {
    throw common::corrupt_error(
        path.string() + " " + why +
        "; run the restore-shard command of this store again: it makes this shard "
        "again");
  };
  std::error_code error;
  const uintmax_t bytes = fs::file_size(path, error);
  if (error) refuse("is listed in store.json and cannot be read: " + error.message());
  if (bytes != static_cast<uintmax_t>(entry.bytes)) {
    refuse("has " + std::to_string(bytes) + " bytes; store.json says " +
           std::to_string(entry.bytes));
  }
  Shard shard(path);
  if (shard.samples() != entry.samples || shard.checksum() != entry.xxh3) {
    refuse("is not the shard that store.json lists: " + std::to_string(shard.samples()) +
           " samples with checksum " + common::hex64(shard.checksum()) + ", not " +
           std::to_string(entry.samples) + " with " + common::hex64(entry.xxh3));
  }
  return shard;
}

Store::Store(const fs::path& folder) : manifest_(read_manifest(folder)) {
  for (const ShardEntry& entry : manifest_.shards) {
    std::vector<OpenShard>& opened = shards(entry.split);
    const int64_t begin = opened.empty() ? 0 : opened.back().end;
    opened.push_back({begin + entry.samples, open_listed_shard(folder, entry)});
    if (opened.back().shard.patch() != patch()) {
      throw common::corrupt_error((folder / entry.file).string() + " has patches of " +
                                  std::to_string(opened.back().shard.patch()) +
                                  " pixels, the store of " + std::to_string(patch()));
    }
  }
}

Store::Place Store::place(Split split, int64_t index) const {
  const std::vector<OpenShard>& opened = shards_[split == Split::train ? 0 : 1];
  if (index < 0 || opened.empty() || index >= opened.back().end) {
    throw common::usage_error("no sample " + std::to_string(index) + " among the " +
                              std::to_string(num_samples(split)) + " of " + to_string(split));
  }
  const auto found =
      std::upper_bound(opened.begin(), opened.end(), index,
                       [](int64_t sample, const OpenShard& shard) { return sample < shard.end; });
  return {found->shard, index - (found->end - found->shard.samples())};
}

void Store::read(Split split, int64_t index, uint8_t* clean, uint8_t* aged, uint8_t* damage) const {
  const Place sample = place(split, index);
  sample.shard.read(sample.index, clean, aged, damage);
}

void Store::will_read(Split split, int64_t index) const {
  const Place sample = place(split, index);
  sample.shard.will_read(sample.index);
}

Origin Store::origin(Split split, int64_t index) const {
  const Place sample = place(split, index);
  return sample.shard.origin(sample.index);
}

}  // namespace dataset
