#include "dataset/sharding/store_summary.h"

#include <fmt/format.h>

namespace dataset {

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

}  // namespace dataset
