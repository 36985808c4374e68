#include "comm/bucket_hooks.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "device/torch.h"

namespace comm {

class BucketHooks::Hook : public torch::autograd::PostAccumulateGradHook {
 public:
  Hook(BucketHooks& owner, size_t bucket) : owner_(owner), bucket_(bucket) {}
  void operator()(const at::Tensor&) override { owner_.parameter_is_ready(bucket_); }

 private:
  BucketHooks& owner_;
  size_t bucket_;
};

BucketHooks::BucketHooks(std::vector<std::vector<at::Tensor>> parameters_by_bucket,
                         std::function<void(size_t)> on_ready)
    : parameters_(std::move(parameters_by_bucket)), on_ready_(std::move(on_ready)) {
  for (size_t bucket = 0; bucket < parameters_.size(); ++bucket) {
    for (const at::Tensor& parameter : parameters_[bucket]) {
      torch::autograd::impl::set_post_acc_grad_hooks(parameter,
                                                     std::make_unique<Hook>(*this, bucket));
    }
  }
}

BucketHooks::~BucketHooks() {
  for (const auto& parameters : parameters_) {
    for (const at::Tensor& parameter : parameters) {
      torch::autograd::impl::set_post_acc_grad_hooks(parameter, nullptr);
    }
  }
}

void BucketHooks::expect() {
  pending_.clear();
  for (const auto& parameters : parameters_) pending_.push_back(parameters.size());
  num_reported_ = 0;
  expecting_ = true;
}

void BucketHooks::parameter_is_ready(size_t bucket) {
  if (!expecting_) return;
  --pending_[bucket];
  report_ready();
}

void BucketHooks::report_ready() {
  while (num_reported_ < pending_.size() && pending_[num_reported_] == 0) {
    on_ready_(num_reported_++);
  }
}

void BucketHooks::report_rest() {
  if (!std::exchange(expecting_, false)) return;
  std::ranges::fill(pending_, 0);
  report_ready();
}

}  // namespace comm
