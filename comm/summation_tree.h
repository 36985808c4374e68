#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace comm {

/// The one order in which gradients are added: n leaves are cut after the largest power of two
/// below n, both sides are summed in the same way, then left + right. Four leaves are
/// (0+1) + (2+3), three are (0+1) + 2. A run of 2^k leaves that begins at a multiple of 2^k is a
/// whole subtree: a worker may sum it, and the tree goes on over such sums (docs/numerics.md).
/// Returns the number of leaves on the left side; requires num_leaves >= 2.
int64_t num_left_leaves(int64_t num_leaves);

/// The numbers of workers that sum whole subtrees if each sums an equal run of the leaves: 1, and
/// those whose runs are a power of two long.
std::vector<int64_t> workers_that_keep_the_tree(int64_t num_leaves);

/// parts[0] becomes the sum of all parts in the tree's order; the others are used up.
/// Shapes: parts are addresses of `count` floats that do not overlap; at least one.
void sum_to_first(std::span<float* const> parts, int64_t count);

/// Each part becomes the sum of all parts in the tree's order.
void sum_to_all(std::span<float* const> parts, int64_t count);

/// Each part becomes a copy of parts[0].
void copy_first_to_others(std::span<float* const> parts, int64_t count);

}  // namespace comm
