#pragma once

#include <map>
#include <mutex>

#include "common/progress.h"
#include "restore/restored_photo.h"

namespace restore {

/// What a person sees of a batch: a live line for all, and a line for each photograph that is done.
/// Time left goes by the size of the files. Threads may tell it at the same time.
class BatchProgress {
 public:
  explicit BatchProgress(const std::vector<RestoreJob>& jobs);

  void update(size_t job, double share);
  void done(size_t job, const RestoredPhoto& photo);
  void failed(size_t job, const std::string& message);
  void passed_over(size_t job);

 private:
  void finish_job(size_t job);
  std::string doing() const;

  std::mutex mutex_;  // guards all below
  const std::vector<RestoreJob>& jobs_;
  std::vector<double> size_;  // of each file, in the progress's unit
  std::map<size_t, double> going_on_;
  double finished_ = 0;
  size_t num_finished_ = 0;
  common::Progress progress_;
};

}  // namespace restore
