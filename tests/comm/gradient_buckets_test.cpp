#include "comm/gradient_buckets.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "comm/group.h"
#include "device/torch.h"
#include "tests/common/expect_error.h"

namespace {

using comm::GradientBuckets;
using comm::Reduction;
using device::NamedTensor;

NamedTensor parameter(const std::string& name, at::IntArrayRef shape) {
  return {name, at::ones(shape).requires_grad_()};
}

TEST(GradientBuckets, FillInReverseOrderWithASmallFirstOne) {
  const std::vector<NamedTensor> parameters{parameter("a", {8}), parameter("b", {2, 3}),
                                            parameter("c", {4}), parameter("d", {1})};
  comm::SingleGroup group;
  const GradientBuckets buckets(group, parameters, Reduction::fast, /*first_bucket_bytes=*/8,
                                /*bucket_bytes=*/32);
  // d and c reach 8 bytes; b and a (24 + 32 bytes) share the next.
  ASSERT_EQ(buckets.num_buckets(), 2U);
  EXPECT_EQ(buckets.bucket(0).numel(), 5);
  EXPECT_EQ(buckets.bucket(1).numel(), 14);
  EXPECT_EQ(parameters[3].tensor.grad().data_ptr(), buckets.bucket(0).data_ptr());
}

TEST(GradientBuckets, BackwardAccumulatesIntoThem) {
  const std::vector<NamedTensor> parameters{parameter("a", {3}), parameter("b", {2})};
  comm::SingleGroup group;
  GradientBuckets buckets(group, parameters);
  for (const bool last : {false, true}) {
    buckets.begin_micro_batch(last);
    ((parameters[0].tensor * at::arange(3)).sum() + parameters[1].tensor.sum() * 5).backward();
    buckets.end_micro_batch();
  }
  buckets.all_reduce_mean(4);
  EXPECT_TRUE(at::equal(parameters[0].tensor.grad(), at::arange(3) * 0.5));
  EXPECT_TRUE(at::equal(parameters[1].tensor.grad(), at::full({2}, 2.5)));
  EXPECT_EQ(parameters[1].tensor.grad().data_ptr(), buckets.bucket(0).data_ptr());
  buckets.zero();
  EXPECT_EQ(parameters[0].tensor.grad().sum().item<float>(), 0);
}

/// The gradient of each micro-batch, after `reduction` of them; all are of one weight.
float mean_gradient(Reduction reduction, const std::vector<float>& of_micro_batches) {
  const std::vector<NamedTensor> parameters{parameter("a", {1})};
  comm::SingleGroup group;
  GradientBuckets buckets(group, parameters, reduction);
  buckets.zero();
  for (size_t i = 0; i < of_micro_batches.size(); ++i) {
    buckets.begin_micro_batch(/*last=*/i + 1 == of_micro_batches.size());
    (parameters[0].tensor * of_micro_batches[i]).sum().backward();
    buckets.end_micro_batch();
  }
  buckets.all_reduce_mean(1);
  return parameters[0].tensor.grad().item<float>();
}

TEST(GradientBuckets, SumMicroBatchesInARowOrInATree) {
  // Beside 2^25 a float has no room for 1.
  const std::vector<float> gradients{0x1p25F, 1, -0x1p25F, 1};
  EXPECT_EQ(mean_gradient(Reduction::fast, gradients), 1);
  EXPECT_EQ(mean_gradient(Reduction::tree, gradients), 0);
}

TEST(GradientBuckets, NormIsOverAllOfThemAndShowsWhatIsNotFinite) {
  const std::vector<NamedTensor> parameters{parameter("a", {1}), parameter("b", {1})};
  comm::SingleGroup group;
  GradientBuckets buckets(group, parameters, Reduction::fast, 1, 1);
  ASSERT_EQ(buckets.num_buckets(), 2U);
  parameters[0].tensor.mutable_grad().fill_(3);
  parameters[1].tensor.mutable_grad().fill_(4);
  EXPECT_EQ(buckets.norm(), 5);
  buckets.scale(0.5);
  EXPECT_EQ(buckets.norm(), 2.5);
  parameters[1].tensor.mutable_grad().fill_(std::numeric_limits<float>::infinity());
  EXPECT_FALSE(std::isfinite(buckets.norm()));
}

TEST(GradientBuckets, TakeFloat32LeavesOnly) {
  comm::SingleGroup group;
  const at::Tensor halves = at::ones({2}, at::kHalf).requires_grad_();
  tests::expect_error(common::ErrorKind::internal, "parameter 'halves' is none", [&] {
    GradientBuckets(group, {{"halves", halves}});
  });
}

TEST(GradientBuckets, PlanHashKnowsNamesShapesAndBoundaries) {
  const auto hash = [](const std::vector<NamedTensor>& parameters, int64_t bucket_bytes) {
    comm::SingleGroup group;
    return GradientBuckets(group, parameters, Reduction::fast, bucket_bytes, bucket_bytes)
        .plan_hash();
  };
  const uint64_t plan = hash({parameter("a", {2, 3}), parameter("b", {1})}, 4);
  EXPECT_EQ(plan, hash({parameter("a", {2, 3}), parameter("b", {1})}, 4));
  EXPECT_NE(plan, hash({parameter("a", {3, 2}), parameter("b", {1})}, 4));
  EXPECT_NE(plan, hash({parameter("a", {2, 3}), parameter("c", {1})}, 4));
  EXPECT_NE(plan, hash({parameter("a", {2, 3}), parameter("b", {1})}, 100));
}

}  // namespace
