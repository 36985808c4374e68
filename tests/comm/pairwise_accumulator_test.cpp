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

/// What an accumulator makes of the leaves `first` .. `first + count - 1`.
std::vector<float> summed(comm::PairwiseAccumulator& accumulator, const Leaves& leaves,
                          int64_t first, int64_t count) {
  at::Tensor values;
  for (int64_t i = first; i < first + count; ++i) {
    values = at::tensor(leaves[static_cast<size_t>(i)]);
    accumulator.push(values, i + 1 == first + count);
  }
  const float* data = values.const_data_ptr<float>();
  return {data, data + values.numel()};
}

TEST(PairwiseAccumulator, SumsAnyNumberInTheTreesOrder) {
  comm::PairwiseAccumulator accumulator;  // empty again after each sum
  for (int64_t n = 1; n <= 17; ++n) {
    EXPECT_EQ(summed(accumulator, leaves_of(n), 0, n), tree_sums_of(leaves_of(n))) << n;
  }
}

TEST(PairwiseAccumulator, LeavesZerosForTheNextMicroBatch) {
  comm::PairwiseAccumulator accumulator;
  at::Tensor values = at::tensor({1.0F, 2.0F});
  accumulator.push(values, /*last=*/false);
  EXPECT_EQ(at::count_nonzero(values).item<int64_t>(), 0);
}

TEST(PairwiseAccumulator, ForgetsAnUnfinishedSum) {
  comm::PairwiseAccumulator accumulator;
  at::Tensor stale = at::tensor(order_dependent_floats(99, 100));
  accumulator.push(stale, /*last=*/false);
  accumulator.clear();
  EXPECT_EQ(summed(accumulator, leaves_of(3), 0, 3), tree_sums_of(leaves_of(3)));
}

/// The whole design in one place: every number of workers that keeps the tree gives one sum.
TEST(PairwiseAccumulator, GivesTheSameBitsAtEveryNumberOfWorkersThatKeepsTheTree) {
  for (const int64_t num_leaves : {1, 2, 4, 6, 8, 12, 16}) {
    const Leaves leaves = leaves_of(num_leaves);
    for (const int64_t workers : comm::workers_that_keep_the_tree(num_leaves)) {
      const int64_t each = num_leaves / workers;
      Leaves partial;
      for (int64_t w = 0; w < workers; ++w) {
        comm::PairwiseAccumulator accumulator;
        partial.push_back(summed(accumulator, leaves, w * each, each));
      }
      EXPECT_EQ(tree_sums_of(partial), tree_sums_of(leaves)) << num_leaves << " / " << workers;
    }
  }
}

}  // namespace
