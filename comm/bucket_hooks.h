#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "device/torch.h"

namespace comm {

/// Reports a bucket when backward has finished all of its gradients, so that their sum over the
/// workers can begin while backward goes on. Buckets are reported in their order on every worker,
/// in whatever order backward finishes the parameters.
/// The parameters are on one device: backward has one thread for each device, so reports come one
/// by one.
class BucketHooks {
 public:
  /// `on_ready(i)` is called for each bucket i, from the thread of backward or of report_rest.
  /// The parameters may have no other hook of this kind.
  BucketHooks(std::vector<std::vector<at::Tensor>> parameters_by_bucket,
              std::function<void(size_t bucket)> on_ready);
  ~BucketHooks();  // removes the hooks
  BucketHooks(const BucketHooks&) = delete;
  BucketHooks& operator=(const BucketHooks&) = delete;

  /// The next backward is the step's last: report its buckets.
  void expect();

  /// After that backward: reports the remaining buckets. There are some if the loss does not depend
  /// on all parameters, or if backward ran without hooks (a replayed graph).
  void report_rest();

 private:
  class Hook;
  void parameter_is_ready(size_t bucket);
  void report_ready();

  const std::vector<std::vector<at::Tensor>> parameters_;
  const std::function<void(size_t)> on_ready_;
  bool expecting_ = false;
  std::vector<size_t> pending_;  // parameters of each bucket whose gradient is not finished
  size_t num_reported_ = 0;
};

}  // namespace comm
