#include "comm/summation_tree.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/comm/order_dependent.h"

namespace {

using Leaves = std::vector<std::vector<float>>;

Leaves leaves_of(size_t num_leaves, size_t count) {
  Leaves leaves;
  for (uint32_t i = 0; i < num_leaves; ++i) leaves.push_back(order_dependent_floats(i, count));
  return leaves;
}

std::vector<float*> addresses(Leaves& leaves) {
  std::vector<float*> parts;
  for (std::vector<float>& leaf : leaves) parts.push_back(leaf.data());
  return parts;
}

TEST(SummationTree, AddsFourNumbersInPairs) {
  // Beside 2^25 a float has no room for 1: the pairs are 2^25 and -2^25, a row keeps the last 1.
  const float large = 0x1p25F;
  Leaves leaves{{large}, {1}, {-large}, {1}};
  EXPECT_EQ(((large + 1) - large) + 1, 1);
  comm::sum_to_first(addresses(leaves), 1);
  EXPECT_EQ(leaves[0][0], 0);
}

TEST(SummationTree, CutsAfterTheLargestPowerOfTwo) {
  EXPECT_EQ(comm::num_left_leaves(2), 1);
  EXPECT_EQ(comm::num_left_leaves(3), 2);
  EXPECT_EQ(comm::num_left_leaves(4), 2);
  EXPECT_EQ(comm::num_left_leaves(7), 4);
  EXPECT_EQ(comm::num_left_leaves(12), 8);
}

TEST(SummationTree, GivesTheBitsOfOneFloatAtATime) {
  for (const size_t num_leaves : {1, 2, 3, 4, 7, 8, 12}) {
    for (const size_t count : {0, 1, 17, 1024, 5000}) {
      const Leaves leaves = leaves_of(num_leaves, count);
      Leaves to_first = leaves, to_all = leaves;
      comm::sum_to_first(addresses(to_first), static_cast<int64_t>(count));
      comm::sum_to_all(addresses(to_all), static_cast<int64_t>(count));
      const std::vector<float> expected = tree_sums_of(leaves);
      EXPECT_EQ(to_first[0], expected) << num_leaves << " x " << count;
      for (const auto& part : to_all) EXPECT_EQ(part, expected) << num_leaves << " x " << count;
    }
  }
}

TEST(SummationTree, IsNotASumInARow) {
  const Leaves leaves = leaves_of(8, 1000);
  std::vector<float> row(1000);
  for (const auto& leaf : leaves) {
    for (size_t i = 0; i < row.size(); ++i) row[i] += leaf[i];
  }
  EXPECT_NE(tree_sums_of(leaves), row);
}

TEST(SummationTree, NamesTheNumbersOfWorkersThatKeepIt) {
  using Numbers = std::vector<int64_t>;
  EXPECT_EQ(comm::workers_that_keep_the_tree(1), (Numbers{1}));
  EXPECT_EQ(comm::workers_that_keep_the_tree(6), (Numbers{1, 3, 6}));
  EXPECT_EQ(comm::workers_that_keep_the_tree(7), (Numbers{1, 7}));
  EXPECT_EQ(comm::workers_that_keep_the_tree(8), (Numbers{1, 2, 4, 8}));
  EXPECT_EQ(comm::workers_that_keep_the_tree(12), (Numbers{1, 3, 6, 12}));
}

}  // namespace
