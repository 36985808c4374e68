#include "dataset/sharding/shard_plan.h"

#include <fmt/format.h>

#include <array>
#include <map>

#include "common/error.h"
#include "common/hash.h"

namespace dataset {
using nlohmann::json;
using nlohmann::ordered_json;

namespace {

// Enough that a shard is a large file, few enough that a killed run loses little.
constexpr size_t kPhotosPerShard = 32;

void plan_split(const std::vector<CatalogPhoto>& photos, Split split,
                std::vector<PlannedShard>& shards) {
  size_t in_split = 0;
  for (const CatalogPhoto& photo : photos) {
    if (photo.record.split != split) continue;
    if (in_split % kPhotosPerShard == 0) {
      const size_t number = in_split / kPhotosPerShard;
      shards.push_back({fmt::format("{}-{:05}.h5", to_string(split), number), {}, false});
    }
    shards.back().photos.push_back(photo);
    ++in_split;
  }
}

/// Equal for processes that see the same photos with the same sizes.
std::string digest_of_photos(const std::vector<PlannedShard>& shards) {
  common::Xxh3Stream stream;
  const auto add = [&](const std::string& text) { stream.update(text.c_str(), text.size() + 1); };
  for (const PlannedShard& shard : shards) {
    add(shard.file);
    for (const CatalogPhoto& photo : shard.photos) {
      add(photo.file.name);
      add(std::to_string(photo.record.number));
      add(std::to_string(photo.record.bytes));
    }
  }
  return common::hex64(stream.digest());
}

}  // namespace

int64_t PlannedShard::num_samples() const {
  int64_t count = 0;
  for (const CatalogPhoto& photo : photos) count += photo.record.num_samples;
  return count;
}

std::vector<PlannedShard> plan_shards(const std::vector<CatalogPhoto>& photos) {
  std::vector<PlannedShard> shards;
  plan_split(photos, Split::train, shards);
  plan_split(photos, Split::valid, shards);
  return shards;
}

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

std::string plan_text(const std::vector<PlannedShard>& shards, int64_t patch) {
  int64_t missing = 0, samples = 0;
  for (const PlannedShard& shard : shards) {
    missing += shard.finished ? 0 : 1;
    samples += shard.finished ? 0 : shard.num_samples();
  }
  const int64_t bytes = samples * (5 * patch * patch + 48);
  return fmt::format("{}\nto be made: {} of {} shards, {} samples, {:.1f} MB\n", summary(shards),
                     missing, shards.size(), samples, static_cast<double>(bytes) * 1e-6);
}

bool broadcast_plan(const Processes& processes, bool is_whole, std::vector<PlannedShard>& shards) {
  const std::string digest = digest_of_photos(shards);
  std::vector<bool> finished;
  for (const PlannedShard& shard : shards) finished.push_back(shard.finished);
  const ordered_json own{{"whole", is_whole}, {"photos", digest}, {"finished", finished}};
  const json plan = json::parse(processes.broadcast(own.dump()));
  if (plan.at("photos").get<std::string>() != digest) {
    throw common::Error(common::ErrorKind::io,
                        processes.name() +
                            " sees other photographs than process 0: the folders of photographs "
                            "and of the store must be the same on all machines");
  }
  plan.at("finished").get_to(finished);
  for (size_t i = 0; i < shards.size(); ++i) shards[i].finished = finished[i];
  return plan.at("whole").get<bool>();
}

std::vector<PlannedShard> own_shards(const Processes& processes,
                                     const std::vector<PlannedShard>& shards) {
  std::vector<PlannedShard> own;
  int turn = 0;
  for (const PlannedShard& shard : shards) {
    if (shard.finished) continue;
    if (turn == processes.rank()) own.push_back(shard);
    turn = (turn + 1) % processes.size();
  }
  return own;
}

WorkTimes gather_records(const Processes& processes, const std::vector<PlannedShard>& made,
                         const WorkTimes& times, std::vector<PlannedShard>& shards) {
  ordered_json photos = ordered_json::array();
  for (const PlannedShard& shard : made) {
    for (const CatalogPhoto& photo : shard.photos) photos.push_back(to_json(photo.record));
  }
  const ordered_json own{{"times", {times.decode_s, times.ageing_s, times.write_s}},
                         {"photos", photos}};
  std::map<int64_t, PhotoRecord> records;
  WorkTimes sum;
  for (const std::string& text :
       processes.gather(own.dump(-1, ' ', false, json::error_handler_t::replace))) {
    const json report = json::parse(text);
    const auto [decode_s, ageing_s, write_s] = report.at("times").get<std::array<double, 3>>();
    sum += {decode_s, ageing_s, write_s};
    for (const json& photo : report.at("photos")) {
      const PhotoRecord record = photo_from_json(photo);
      records[record.number] = record;
    }
  }
  for (PlannedShard& shard : shards) {
    for (CatalogPhoto& photo : shard.photos) {
      const auto found = records.find(photo.record.number);
      if (found != records.end()) photo.record = found->second;
    }
  }
  return sum;
}

}  // namespace dataset
