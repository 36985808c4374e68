#include "dataset/sharding/shard_crew.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "common/error.h"
#include "dataset/sharding/crew.h"
#include "dataset/sharding/photo_samples.h"

namespace dataset {
using common::Error;
using common::ErrorKind;

namespace {

/// "ageing", or "ageing (process 0 of 3)".
std::string progress_title(const Processes& processes) {
  if (processes.size() == 1) return "ageing";
  return fmt::format("ageing ({} of {})", processes.name(), processes.size());
}

}  // namespace

ShardCrew::ShardCrew(const ShardOrder& order, std::vector<PlannedShard>& shards,
                     const Processes& processes)
    : order_(order) {
  int64_t num_photos = 0;
  for (PlannedShard& shard : shards) {
    jobs_.push_back({&shard, nullptr, {}, 0, 0, false});
    num_photos += static_cast<int64_t>(shard.photos.size());
  }
  if (processes.is_first()) progress_.emplace(progress_title(processes), "photos", num_photos);
}

void ShardCrew::work(int64_t num_threads) {
  work_together(num_threads, [this] { return step(); });
}

void ShardCrew::open(Job& job) {
  const PlannedShard& shard = *job.shard;
  ShardAbout about{order_.parameters, {}};
  int64_t samples = 0;
  job.first_sample.clear();
  for (const CatalogPhoto& photo : shard.photos) {
    about.photos.push_back(photo.record);
    job.first_sample.push_back(samples);
    samples += photo.record.num_samples;
  }
  job.taken = job.done = 0;
  job.spoilt = false;
  job.writer.reset();  // before the next one: both write to the same temporary file
  job.writer = std::make_unique<ShardWriter>(order_.folder / shard.file, samples,
                                             order_.parameters.patch, to_text(about));
}

std::optional<ShardCrew::Task> ShardCrew::take() {
  const std::lock_guard lock(mutex_);
  for (Job& job : jobs_) {
    if (job.taken == job.shard->photos.size()) continue;
    if (!job.writer) open(job);
    return Task{&job, job.taken++};
  }
  return std::nullopt;
}

/// Empty, or why the photo cannot be used.
std::string ShardCrew::write_samples(const Task& task) {
  const CatalogPhoto& photo = task.job->shard->photos[task.photo];
  if (photo.record.use != PhotoUse::used) return {};
  try {
    const WorkTimes times =
        write_photo_samples(photo, order_.parameters, order_.recipe, order_.dirt, *task.job->writer,
                            task.job->first_sample[task.photo]);
    const std::lock_guard lock(mutex_);
    times_ += times;
    return {};
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::corrupt) throw;
    return error.what();
  }
}

void ShardCrew::skip(CatalogPhoto& photo, const std::string& why) {
  if (order_.strict) {
    throw Error(ErrorKind::corrupt, why + "; without --strict it would be left out");
  }
  if (progress_) progress_->pause();
  spdlog::warn("skipped: {}", why);
  photo.record.use = PhotoUse::unreadable;
  photo.record.why = why;
  photo.record.num_samples = 0;
}

/// True if it was the last photo of its shard, and the shard is whole.
bool ShardCrew::complete(const Task& task, const std::string& failure) {
  const std::lock_guard lock(mutex_);
  Job& job = *task.job;
  if (!failure.empty()) {
    skip(job.shard->photos[task.photo], failure);
    job.spoilt = true;
  }
  ++photos_done_;
  if (progress_) progress_->update(photos_done_);
  if (++job.done < job.shard->photos.size()) return false;
  if (!job.spoilt) return true;
  // Samples lie without a gap: once more without the photo. Rare, and the bytes stay those of a
  // folder in which the photo was known to be bad.
  photos_done_ -= static_cast<int64_t>(job.done);
  open(job);
  return false;
}

void ShardCrew::finish(Job& job) {
  Stopwatch watch;
  job.writer->finish();
  job.writer.reset();
  const std::lock_guard lock(mutex_);
  times_.write_s += watch.lap_s();
}

bool ShardCrew::step() {
  const std::optional<Task> task = take();
  if (!task) return false;
  if (complete(*task, write_samples(*task))) finish(*task->job);
  return true;
}

}  // namespace dataset
