#include "comm/group.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "comm/gradient_buckets.h"
#include "device/torch.h"
#include "tests/common/expect_error.h"
#include "tests/mpi/mpi_job.h"

namespace {

using common::ErrorKind;

/// 1 + 2 + ... + n, what ranks 0 .. n-1 sum to when each gives rank + 1.
int64_t triangle(int64_t n) { return n * (n + 1) / 2; }

TEST(MpiGroup, SumsEveryDtypeOverWorkers) {
  comm::Group& job = mpi_job();
  for (const auto dtype : {at::kFloat, at::kDouble, at::kLong}) {
    at::Tensor tensor = at::arange(1000, dtype) * (job.rank() + 1);
    job.all_reduce_sum(tensor);
    EXPECT_TRUE(at::equal(tensor, at::arange(1000, dtype) * triangle(job.size())));
  }
}

TEST(MpiGroup, BroadcastsFromAnyRoot) {
  comm::Group& job = mpi_job();
  for (int root = 0; root < job.size(); ++root) {
    at::Tensor tensor = at::full({3}, job.rank() + 10.0);
    job.broadcast(tensor, root);
    EXPECT_TRUE(at::equal(tensor, at::full({3}, root + 10.0)));
  }
}

TEST(MpiGroup, BroadcastsFromRankZero) {
  comm::Group& job = mpi_job();
  EXPECT_EQ(job.broadcast_from_rank_0(int64_t{job.rank() + 7}), 7);
  EXPECT_EQ(job.broadcast_from_rank_0(job.rank() + 0.1), 0.1);
  EXPECT_EQ(job.broadcast_from_rank_0(job.rank() == 0 ? "nine bytes" : std::string(100, 'x')),
            "nine bytes");
  EXPECT_EQ(job.max(job.rank()), job.size() - 1);
}

TEST(MpiGroup, GathersByRank) {
  comm::Group& job = mpi_job();
  std::vector<int64_t> squares;
  for (int r = 0; r < job.size(); ++r) squares.push_back(r * r);
  EXPECT_EQ(job.all_gather(job.rank() * job.rank()), squares);
}

TEST(MpiGroup, SharesOneMachineHere) {
  EXPECT_EQ(mpi_job().local_size(), mpi_job().size());
  EXPECT_EQ(mpi_job().local_rank(), mpi_job().rank());
}

TEST(MpiGroup, NamesTheWorkerThatDiffers) {
  comm::Group& job = mpi_job();
  job.require_equal(7, "the bucket plan", "start all workers with one configuration");
  const int last = job.size() - 1;
  if (last == 0) {
    EXPECT_NO_THROW(job.require_equal(2, "the weights", "x"));  // it does not differ from itself
    return;
  }
  const std::string words =
      fmt::format("the weights of worker {} differs from worker 0's; x", last);
  const uint64_t value = job.rank() == last ? 2 : 1;
  for (const auto kind : {ErrorKind::config, ErrorKind::comm}) {
    tests::expect_error(kind, words, [&] { job.require_equal(value, "the weights", "x", kind); });
  }
}

TEST(MpiGroup, RefusesTensorsThatMpiWouldMisread) {
  at::Tensor halves = at::ones({4}, at::kHalf);
  tests::expect_error(ErrorKind::internal, "take float32, float64 and int64, got Half",
                      [&] { mpi_job().all_reduce_sum(halves); });
  at::Tensor column = at::ones({4, 4}).select(1, 0);
  tests::expect_error(ErrorKind::internal, "contiguous tensors",
                      [&] { mpi_job().all_reduce_sum(column); });
}

TEST(GradientBuckets, GiveTheMeanOverAllMicroBatches) {
  comm::Group& job = mpi_job();
  const at::Tensor a = at::ones({5}).requires_grad_(), b = at::ones({2, 2}).requires_grad_();
  comm::GradientBuckets buckets(job, {{"a", a}, {"b", b}}, comm::Reduction::fast, 4, 4);
  // Four micro-batches in all, numbered 0 .. 3; the gradient of number j is j + 1.
  const int64_t each = 4 / job.size();
  for (int64_t j = job.rank() * each; j < (job.rank() + 1) * each; ++j) {
    ((a.sum() + b.sum() * 2) * static_cast<double>(j + 1)).backward();
  }
  buckets.all_reduce_mean(4);
  EXPECT_TRUE(at::equal(a.grad(), at::full({5}, 2.5)));
  EXPECT_TRUE(at::equal(b.grad(), at::full({2, 2}, 5.0)));
  job.require_equal(buckets.plan_hash(), "the bucket plan", "");
}

}  // namespace
