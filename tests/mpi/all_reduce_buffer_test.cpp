// Sums of every layout of workers: on one machine, each on its own, and two machines of half each.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "comm/mpi_all_reduce_buffer.h"
#include "device/torch.h"
#include "tests/comm/order_dependent.h"
#include "tests/mpi/mpi_job.h"

namespace {

using comm::MpiAllReduceBuffer;
using comm::NodeGroups;

int num_workers() { return mpi_job().size(); }

/// Sizes of node groups into which these workers can be cut.
std::vector<int> group_sizes() {
  std::vector<int> sizes;
  for (int size = 1; size <= num_workers(); size *= 2) sizes.push_back(size);
  return sizes;
}

/// Shorter than the workers are many, no multiple of anything, and of several messages.
std::vector<int64_t> lengths() { return {1, 3, 1001, 250'003}; }
constexpr int64_t kMessage_floats = 10'000;

TEST(AllReduceBuffer, BeginsWithZeros) {
  const auto buffer = mpi_job().make_all_reduce_buffer(100);
  EXPECT_TRUE(at::equal(buffer->values(), at::zeros({100})));
}

TEST(AllReduceBuffer, SumsIntegersExactlyInEveryLayoutAgainAndAgain) {
  const float ranks = static_cast<float>(num_workers() * (num_workers() + 1) / 2);
  for (const int size : group_sizes()) {
    const NodeGroups groups(MPI_COMM_WORLD, size);
    for (const int64_t length : lengths()) {
      MpiAllReduceBuffer buffer(groups, length, kMessage_floats);
      ASSERT_EQ(buffer.values().numel(), length);
      const at::Tensor numbers = at::arange(length, at::kFloat).remainder(1000);
      for (int round = 0; round < 3; ++round) {
        buffer.values().copy_(numbers * static_cast<float>(mpi_job().rank() + 1));
        buffer.sum();
        EXPECT_TRUE(at::equal(buffer.values(), numbers * ranks)) << size << " x " << length;
      }
    }
  }
}

TEST(AllReduceBuffer, AddsInTheTreesOrderInEveryLayout) {
  std::vector<std::vector<float>> leaves;
  for (int r = 0; r < num_workers(); ++r) {
    leaves.push_back(order_dependent_floats(static_cast<uint32_t>(r), 100'007));
  }
  const at::Tensor expected = at::tensor(tree_sums_of(leaves));
  const at::Tensor own = at::tensor(leaves[static_cast<size_t>(mpi_job().rank())]);
  for (const int size : group_sizes()) {
    const NodeGroups groups(MPI_COMM_WORLD, size);
    MpiAllReduceBuffer buffer(groups, 100'007, kMessage_floats);
    buffer.values().copy_(own);
    buffer.sum();
    EXPECT_TRUE(at::equal(buffer.values(), expected)) << "groups of " << size;
  }
}

TEST(NodeGroups, AreAsLargeAsTheMachinesAndTheTreeAllow) {
  const auto size = [](const std::vector<int64_t>& machines) {
    return NodeGroups::largest_size(machines);
  };
  EXPECT_EQ(size({7}), 1);
  EXPECT_EQ(size({0, 0, 0, 0, 0, 0}), 6);                    // one machine
  EXPECT_EQ(size({0, 0, 0, 0, 4, 4, 4, 4}), 4);              // two of four workers
  EXPECT_EQ(size({0, 0, 2, 2, 4, 4}), 2);                    // three of two
  EXPECT_EQ(size({0, 0, 0, 0, 0, 0, 6, 6, 6, 6, 6, 6}), 2);  // 6 is no power of two
  EXPECT_EQ(size({0, 0, 0, 3, 3, 3}), 1);                    // workers 2 and 3 are apart
  EXPECT_EQ(size({0, 1, 0, 1}), 1);                          // dealt out in turns
}

TEST(NodeGroups, AreOfConsecutiveRanks) {
  const int rank = mpi_job().rank();
  for (const int size : group_sizes()) {
    const NodeGroups groups(MPI_COMM_WORLD, size);
    EXPECT_EQ(groups.own().rank(), rank % size);
    EXPECT_EQ(groups.own().size(), size);
    EXPECT_EQ(groups.across().rank(), rank / size);
    EXPECT_EQ(groups.across().size(), num_workers() / size);
  }
}

}  // namespace
