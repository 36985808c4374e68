#include "dataset/sharding/shard_builder.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "common/error.h"
#include "common/progress.h"

namespace dataset {
using common::Error;
using common::ErrorKind;

namespace {

class ShardBuilder {
 public:
  ShardBuilder(const StoreSpec& spec, const Processes& processes, std::vector<PlannedShard>& shards)
      : spec_(spec) {
    int64_t num_photos = 0;
    for (PlannedShard& shard : shards) {
      builds_.push_back({&shard, nullptr, {}, 0, 0, false});
      num_photos += static_cast<int64_t>(shard.photos.size());
    }
    const bool alone = processes.size() == 1;
    const std::string title =
        alone ? "ageing" : fmt::format("ageing ({} of {})", processes.name(), processes.size());
    if (processes.is_first()) progress_.emplace(title, "photos", num_photos);
  }

  /// Makes the samples of one photo; false if there is none left. Called by several threads.
  bool step() {
    const std::optional<Item> item = take();
    if (!item) return false;
    if (complete(*item, write_samples(*item))) finish(*item->build);
    return true;
  }

  /// After the last step.
  const WorkTimes& times() const { return times_; }

 private:
  /// A shard that is being made.
  struct Build {
    PlannedShard* shard;
    std::unique_ptr<ShardWriter> writer;
    std::vector<int64_t> first_sample;  ///< of each photo
    size_t taken = 0, done = 0;         ///< photos
    bool spoilt = false;                ///< a photo could not be decoded
  };
  /// One photo of a shard.
  struct Item {
    Build* build;
    size_t photo;
  };

  void open(Build& build) {
    const PlannedShard& shard = *build.shard;
    ShardAbout about{spec_.parameters, {}};
    int64_t samples = 0;
    build.first_sample.clear();
    for (const CatalogPhoto& photo : shard.photos) {
      about.photos.push_back(photo.record);
      build.first_sample.push_back(samples);
      samples += photo.record.num_samples;
    }
    build.taken = build.done = 0;
    build.spoilt = false;
    build.writer.reset();  // before the next one: both write to the same temporary file
    build.writer = std::make_unique<ShardWriter>(spec_.folder / shard.file, samples,
                                                 spec_.parameters.patch, to_text(about));
  }

  std::optional<Item> take() {
    const std::lock_guard lock(mutex_);
    for (Build& build : builds_) {
      if (build.taken == build.shard->photos.size()) continue;
      if (!build.writer) open(build);
      return Item{&build, build.taken++};
    }
    return std::nullopt;
  }

  /// Empty, or why the photo cannot be used.
  std::string write_samples(const Item& item) {
    const Build& build = *item.build;
    const CatalogPhoto& photo = build.shard->photos[item.photo];
    if (photo.record.use != PhotoUse::used) return {};
    try {
      const WorkTimes times = write_photo_samples(photo, spec_.parameters, spec_.recipe, spec_.dirt,
                                                  *build.writer, build.first_sample[item.photo]);
      const std::lock_guard lock(mutex_);
      times_ += times;
      return {};
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::corrupt) throw;
      return error.what();
    }
  }

  void skip(CatalogPhoto& photo, const std::string& why) {
    if (spec_.strict) {
      throw common::corrupt_error(why + "; without --strict it would be left out");
    }
    if (progress_) progress_->pause();
    spdlog::warn("skipped: {}", why);
    photo.record.use = PhotoUse::unreadable;
    photo.record.why = why;
    photo.record.num_samples = 0;
  }

  /// True if it was the last photo of its shard, and the shard is whole.
  bool complete(const Item& item, const std::string& failure) {
    const std::lock_guard lock(mutex_);
    Build& build = *item.build;
    if (!failure.empty()) {
      skip(build.shard->photos[item.photo], failure);
      build.spoilt = true;
    }
    ++photos_done_;
    if (progress_) progress_->update(photos_done_);
    if (++build.done < build.shard->photos.size()) return false;
    if (!build.spoilt) return true;
    // Samples lie without a gap: once more without the photo. Rare, and the bytes stay those of a
    // folder in which the photo was known to be bad.
    photos_done_ -= static_cast<int64_t>(build.done);
    open(build);
    return false;
  }

  void finish(Build& build) {
    Stopwatch watch;
    build.writer->finish();
    build.writer.reset();
    const std::lock_guard lock(mutex_);
    times_.write_s += watch.lap_s();
  }

  const StoreSpec& spec_;
  std::mutex mutex_;  // guards the builds but not their writers, and all below
  std::vector<Build> builds_;
  int64_t photos_done_ = 0;
  std::optional<common::Progress> progress_;
  WorkTimes times_;
};

}  // namespace

void run_threads(int64_t num_threads, const std::function<bool()>& step) {
  std::mutex mutex;  // guards first_error
  std::exception_ptr first_error;
  std::atomic<bool> failed = false;
  const auto work = [&] {
    try {
      while (!failed && step()) {
      }
    } catch (...) {
      failed = true;
      const std::lock_guard lock(mutex);
      if (!first_error) first_error = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> threads;
    for (int64_t i = 0; i < num_threads; ++i) threads.emplace_back(work);
  }
  if (first_error) std::rethrow_exception(first_error);
}

WorkTimes build_shards(const StoreSpec& spec, const Processes& processes, int64_t num_threads,
                       std::vector<PlannedShard>& shards) {
  ShardBuilder builder(spec, processes, shards);
  run_threads(num_threads, [&] { return builder.step(); });
  return builder.times();
}

}  // namespace dataset
