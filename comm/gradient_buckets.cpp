#include "comm/gradient_buckets.h"

#include <fmt/format.h>

#include <cmath>

#include "common/error.h"
#include "common/hash.h"
#include "device/torch.h"

namespace comm {
namespace {

using Parameters = std::vector<device::NamedTensor>;

int64_t num_bytes(const at::Tensor& tensor) { return tensor.numel() * tensor.element_size(); }

/// The parameters of each bucket.
std::vector<Parameters> plan_buckets(const Parameters& parameters, int64_t first_bytes,
                                     int64_t bytes) {
  std::vector<Parameters> plan(1);
  int64_t filled = 0;
  for (auto parameter = parameters.rbegin(); parameter != parameters.rend(); ++parameter) {
    if (filled >= (plan.size() == 1 ? first_bytes : bytes)) {
      plan.emplace_back();
      filled = 0;
    }
    plan.back().push_back(*parameter);
    filled += num_bytes(parameter->tensor);
  }
  return plan;
}

uint64_t hash_of(const std::vector<Parameters>& plan) {
  common::Xxh3Stream hash;
  for (size_t bucket = 0; bucket < plan.size(); ++bucket) {
    for (const device::NamedTensor& parameter : plan[bucket]) {
      const at::Tensor& tensor = parameter.tensor;
      const std::string line =
          fmt::format("{} {} {} [{}]\n", bucket, parameter.name,
                      c10::toString(tensor.scalar_type()), fmt::join(tensor.sizes().vec(), ","));
      hash.update(line.data(), line.size());
    }
  }
  return hash.digest();
}

int64_t num_elements(const Parameters& parameters) {
  int64_t count = 0;
  for (const device::NamedTensor& parameter : parameters) count += parameter.tensor.numel();
  return count;
}

/// Each parameter's `.grad` becomes a view into the bucket.
void place_gradients(const Parameters& parameters, const at::Tensor& bucket) {
  int64_t offset = 0;
  for (const device::NamedTensor& parameter : parameters) {
    const at::Tensor& tensor = parameter.tensor;
    if (!tensor.is_leaf() || tensor.scalar_type() != at::kFloat ||
        tensor.device() != bucket.device()) {
      throw common::internal_error("gradient buckets take float32 leaves on " +
                                   bucket.device().str() + ", parameter '" + parameter.name +
                                   "' is none");
    }
    tensor.mutable_grad() = bucket.narrow(0, offset, tensor.numel()).view(tensor.sizes());
    offset += tensor.numel();
  }
}

std::vector<std::vector<at::Tensor>> tensors_of(const std::vector<Parameters>& plan) {
  std::vector<std::vector<at::Tensor>> tensors(plan.size());
  for (size_t bucket = 0; bucket < plan.size(); ++bucket) {
    for (const device::NamedTensor& parameter : plan[bucket])
      tensors[bucket].push_back(parameter.tensor);
  }
  return tensors;
}

}  // namespace

GradientBuckets::GradientBuckets(Group& group, const Parameters& parameters, Reduction reduction,
                                 int64_t first_bucket_bytes, int64_t bucket_bytes) {
  const std::vector<Parameters> plan = plan_buckets(parameters, first_bucket_bytes, bucket_bytes);
  for (const Parameters& bucket : plan) {
    buckets_.push_back(group.make_all_reduce_buffer(num_elements(bucket)));
    place_gradients(bucket, buckets_.back()->values());
  }
  if (reduction == Reduction::tree) accumulators_.resize(buckets_.size());
  hooks_ = std::make_unique<BucketHooks>(tensors_of(plan), [this](size_t i) { begin_sum(i); });
  plan_hash_ = hash_of(plan);
}

void GradientBuckets::zero() {
  for (const auto& bucket : buckets_) bucket->values().zero_();
  for (PairwiseAccumulator& accumulator : accumulators_) accumulator.clear();
}

void GradientBuckets::begin_micro_batch(bool last) {
  in_last_micro_batch_ = last;
  if (last) hooks_->expect();
}

void GradientBuckets::end_micro_batch() {
  if (in_last_micro_batch_) {
    hooks_->report_rest();
    return;
  }
  for (size_t i = 0; i < accumulators_.size(); ++i) {
    accumulators_[i].push(buckets_[i]->values(), /*last=*/false);
  }
}

void GradientBuckets::begin_sum(size_t bucket) {
  if (!accumulators_.empty()) accumulators_[bucket].push(buckets_[bucket]->values(), /*last=*/true);
  buckets_[bucket]->begin_sum();
}

void GradientBuckets::all_reduce_mean(int64_t num_micro_batches) {
  for (const auto& bucket : buckets_) bucket->end_sum();
  scale(1.0 / static_cast<double>(num_micro_batches));
}

double GradientBuckets::norm() const {
  std::vector<at::Tensor> norms;
  for (const auto& bucket : buckets_) {
    norms.push_back(at::linalg_vector_norm(bucket->values(), 2, {}, false, at::kDouble));
  }
  const at::Tensor on_cpu = at::stack(norms).cpu();  // one wait for the device, not one a bucket
  double sum_of_squares = 0;
  for (int64_t i = 0; i < on_cpu.size(0); ++i) {
    const double norm = on_cpu.const_data_ptr<double>()[i];
    sum_of_squares += norm * norm;
  }
  return std::sqrt(sum_of_squares);
}

void GradientBuckets::scale(double factor) {
  for (const auto& bucket : buckets_) bucket->values().mul_(factor);
}

}  // namespace comm
