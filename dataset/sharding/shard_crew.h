#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "common/progress.h"
#include "dataset/ageing/recipe.h"
#include "dataset/sharding/processes.h"
#include "dataset/sharding/shard_plan.h"
#include "dataset/sharding/work_times.h"
#include "dataset/store/shard_writer.h"

namespace dataset {

/// What all shards of a store have in common.
struct ShardOrder {
  std::filesystem::path folder;
  StoreParameters parameters;
  ageing::Recipe recipe;
  ageing::DirtPictures dirt;  ///< for the recipe's textures
  bool strict = false;        ///< a photo that cannot be decoded ends the run
};

/// Threads that make shards together, a photo each at a time; a thread that is done with the last
/// photo of a shard checks and names it while the others go on. A sample's place follows from the
/// plan, so the bytes are the same for any number of threads.
class ShardCrew {
 public:
  /// Makes `shards`, and completes their records. Process 0 shows its progress.
  ShardCrew(const ShardOrder& order, std::vector<PlannedShard>& shards, const Processes& processes);

  /// Throws what the first thread to fail has met; whole shards stay, the others leave nothing.
  void work(int64_t num_threads);

  /// After `work`.
  const WorkTimes& times() const { return times_; }

 private:
  struct Job {
    PlannedShard* shard;
    std::unique_ptr<ShardWriter> writer;
    std::vector<int64_t> first_sample;  ///< of each photo
    size_t taken = 0, done = 0;         ///< photos
    bool spoilt = false;                ///< a photo could not be decoded
  };
  struct Task {
    Job* job;
    size_t photo;
  };
  bool step();
  void open(Job& job);
  std::optional<Task> take();
  std::string write_samples(const Task& task);
  bool complete(const Task& task, const std::string& failure);
  void finish(Job& job);
  void skip(CatalogPhoto& photo, const std::string& why);

  const ShardOrder& order_;
  std::mutex mutex_;  // guards the jobs but not their writers, and all below
  std::vector<Job> jobs_;
  int64_t photos_done_ = 0;
  std::optional<common::Progress> progress_;
  WorkTimes times_;
};

}  // namespace dataset
