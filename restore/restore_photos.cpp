#include "restore/restore_photos.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

#include "common/error.h"
#include "common/files.h"
#include "restore/batch_progress.h"

namespace restore {
namespace {

namespace fs = std::filesystem;

/// Thrown through the work on a photograph to end it.
struct Stopped {};

/// The photographs of a batch, taken one after the other by several threads.
class Batch {
 public:
  Batch(const std::vector<RestoreJob>& jobs, const RestoreOptions& treatment,
        const BatchOptions& options, const RestorePhoto& restore_photo, const std::stop_token& stop)
      : jobs_(jobs),
        treatment_(treatment),
        options_(options),
        restore_photo_(restore_photo),
        stop_(stop),
        progress_(jobs),
        failed_(jobs.size()) {}

  BatchResult run() {
    std::vector<std::thread> threads;
    const auto count = std::min<size_t>(static_cast<size_t>(options_.jobs), jobs_.size());
    for (size_t i = 1; i < count; ++i) threads.emplace_back([this] { work(); });
    work();
    for (auto& thread : threads) thread.join();
    if (error_) std::rethrow_exception(error_);
    return result();
  }

 private:
  void work() {
    try {
      for (size_t job = next_++; job < jobs_.size() && !is_over(); job = next_++) restore(job);
    } catch (const Stopped&) {
    } catch (...) {
      const std::lock_guard lock(error_mutex_);
      if (!error_) error_ = std::current_exception();
      has_error_ = true;
    }
  }

  bool is_over() const { return stop_.stop_requested() || has_error_; }

  void restore(size_t job) {
    std::error_code error;
    if (!options_.force && fs::exists(jobs_[job].restored, error)) {
      ++num_there_;
      return progress_.passed_over(job);
    }
    progress_.update(job, 0);
    try {
      common::make_directories(jobs_[job].restored.parent_path());
      const RestoredPhoto restored = restore_photo_(jobs_[job], treatment_, [&](double share) {
        if (is_over()) throw Stopped();
        progress_.update(job, share);
      });
      progress_.done(job, restored);
      const std::lock_guard lock(done_mutex_);
      if (options_.done) options_.done(restored);
    } catch (const common::Error& failure) {
      if (failure.kind() != common::ErrorKind::corrupt &&
          failure.kind() != common::ErrorKind::usage) {
        throw;
      }
      failed_[job] = true;
      progress_.failed(job, failure.what());
    }
  }

  BatchResult result() {
    BatchResult result;
    result.num_there = num_there_;
    result.interrupted = stop_.stop_requested();
    for (size_t job = 0; job < jobs_.size(); ++job) {
      if (failed_[job]) result.failed.push_back(jobs_[job].photo);
    }
    return result;
  }

  const std::vector<RestoreJob>& jobs_;
  const RestoreOptions& treatment_;
  const BatchOptions& options_;
  const RestorePhoto& restore_photo_;
  const std::stop_token& stop_;
  BatchProgress progress_;
  std::atomic<size_t> next_ = 0;
  std::atomic<int64_t> num_there_ = 0;
  std::vector<char> failed_;  // each written by one thread
  std::mutex done_mutex_;     // one call of options_.done at a time
  std::mutex error_mutex_;    // guards error_
  std::exception_ptr error_;
  std::atomic<bool> has_error_ = false;
};

}  // namespace

void BatchOptions::validate() const {
  if (jobs >= 1 && jobs <= 64) return;
  throw common::Error(common::ErrorKind::usage,
                      "--jobs " + std::to_string(jobs) + ": expected 1 to 64");
}

BatchResult restore_photos(const std::vector<RestoreJob>& jobs, const RestoreOptions& treatment,
                           const BatchOptions& options, const RestorePhoto& restore_photo,
                           const std::stop_token& stop) {
  return Batch(jobs, treatment, options, restore_photo, stop).run();
}

}  // namespace restore
