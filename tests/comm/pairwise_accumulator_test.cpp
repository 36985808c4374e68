#include "comm/pairwise_accumulator.h"

#include <gtest/gtest.h>

#include "comm/summation_tree.h"
#include "device/torch.h"
#include "tests/comm/order_dependent.h"

namespace {

using Leaves = std::vector<std::vector<float>>;

Leaves leaves_of(int64_t num_leaves) {
  Leaves leaves;
  for (int64_t i = 0; i < num_leaves; ++i) {
    leaves.push_back(order_dependent_floats(static_cast<uint32_t>(i), 100));
  }
  return leaves;
}

/// What a counter makes of the leaves `first` .. `first + count - 1`.
std::vector<float> counted(comm::PairwiseAccumulator& counter, const Leaves& leaves, int64_t first,
                           int64_t count) {
  at::Tensor values;
  for (int64_t i = first; i < first + count; ++i) {
    values = at::tensor(leaves[static_cast<size_t>(i)]);
    counter.push(values, i + 1 == first + count);
  }
  const float* data = values.const_data_ptr<float>();
  return {data, data + values.numel()};
}

TEST(PairwiseAccumulator, SumsAnyNumberInTheTreesOrder) {
  comm::PairwiseAccumulator counter;  // empty again after each sum
  for (int64_t n = 1; n <= 17; ++n) {
    EXPECT_EQ(counted(counter, leaves_of(n), 0, n), tree_sums_of(leaves_of(n))) << n;
  }
}

TEST(PairwiseAccumulator, LeavesZerosForTheNextMicroBatch) {
  comm::PairwiseAccumulator counter;
  at::Tensor values = at::tensor({1.0F, 2.0F});
  counter.push(values, /*last=*/false);
  EXPECT_EQ(at::count_nonzero(values).item<int64_t>(), 0);
}

TEST(PairwiseAccumulator, ForgetsAnUnfinishedSum) {
  comm::PairwiseAccumulator counter;
  at::Tensor stale = at::tensor(order_dependent_floats(99, 100));
  counter.push(stale, /*last=*/false);
  counter.clear();
  EXPECT_EQ(counted(counter, leaves_of(3), 0, 3), tree_sums_of(leaves_of(3)));
}

/// The whole design in one place: every number of workers that keeps the tree gives one sum.
TEST(PairwiseAccumulator, GivesTheSameBitsAtEveryNumberOfWorkersThatKeepsTheTree) {
  for (const int64_t num_leaves : {1, 2, 4, 6, 8, 12, 16}) {
    const Leaves leaves = leaves_of(num_leaves);
    for (const int64_t workers : comm::workers_that_keep_the_tree(num_leaves)) {
      const int64_t each = num_leaves / workers;
      Leaves partial;
      for (int64_t w = 0; w < workers; ++w) {
        comm::PairwiseAccumulator counter;
        partial.push_back(counted(counter, leaves, w * each, each));
      }
      EXPECT_EQ(tree_sums_of(partial), tree_sums_of(leaves)) << num_leaves << " / " << workers;
    }
  }
}

}  // namespace
