#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// Floats of very different sizes, a function of `seed`: their sum depends on the order of
/// addition.
std::vector<float> order_dependent_floats(uint32_t seed, size_t count);

/// The sum as docs/numerics.md defines it, one float at a time.
float tree_sum_of(std::span<const float> leaves);

/// The tree's sum of each column: leaves[i] are the floats of leaf i.
std::vector<float> tree_sums_of(const std::vector<std::vector<float>>& leaves);
