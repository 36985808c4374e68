#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "device/torch.h"

namespace comm {

/// Tells when backward has finished the gradients of a bucket, so that their sum over the workers
/// begins while backward goes on. Buckets are reported in their order, the same on every worker
/// whatever the order in which backward meets the parameters.
/// The parameters are on one device: backward has one thread a device, so reports come one by one.
class BucketHooks {
 public:
  /// `on_ready(i)` is called for each bucket i, from the thread of backward or of report_rest.
  /// The parameters may have no other hook of this kind.
  BucketHooks(std::vector<std::vector<at::Tensor>> parameters_by_bucket,
              std::function<void(size_t bucket)> on_ready);
  ~BucketHooks();  // takes the hooks back
  BucketHooks(const BucketHooks&) = delete;
  BucketHooks& operator=(const BucketHooks&) = delete;

  /// The next backward is the step's last: its buckets are to be reported.
  void expect();

  /// After that backward: reports the buckets that it did not, since the loss does not depend on
  /// some of their parameters or backward ran without hooks (a replayed graph).
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
