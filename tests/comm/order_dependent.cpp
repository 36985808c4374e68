#include "tests/comm/order_dependent.h"

#include <cmath>
#include <random>

std::vector<float> order_dependent_floats(uint32_t seed, size_t count) {
  std::mt19937 random(seed);
  std::vector<float> values(count);
  for (float& value : values) {
    const int exponent = static_cast<int>(random() % 12);
    value = std::ldexp(static_cast<float>(static_cast<int32_t>(random())), exponent - 31);
  }
  return values;
}

float tree_sum_of(std::span<const float> leaves) {
  if (leaves.size() == 1) return leaves[0];
  size_t left = 1;
  while (2 * left < leaves.size()) left *= 2;
  return tree_sum_of(leaves.first(left)) + tree_sum_of(leaves.subspan(left));
}

std::vector<float> tree_sums_of(const std::vector<std::vector<float>>& leaves) {
  std::vector<float> sums;
  for (size_t column = 0; column < leaves[0].size(); ++column) {
    std::vector<float> values;
    for (const std::vector<float>& leaf : leaves) values.push_back(leaf[column]);
    sums.push_back(tree_sum_of(values));
  }
  return sums;
}
