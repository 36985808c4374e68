#include "comm/summation_tree.h"

#include <algorithm>
#include <bit>

#include "common/hardware.h"

// Compiled with -O3 (CMakeLists.txt): at -O2 the loop below is not vectorised.

namespace comm {
namespace {

/// Sums walk over the parts in pieces, so that what they add again and copy is still in the
/// first-level cache: 4 parts of 4 KiB.
constexpr int64_t kPiece = 1024;

RESTORE_TARGET_CLONES
void add(float* __restrict sum, const float* __restrict addend, int64_t count) {
  for (int64_t i = 0; i < count; ++i) sum[i] += addend[i];
}

/// Partial sums stand in the first part of their subtree: no other memory is needed.
void sum_piece(std::span<float* const> parts, int64_t first, int64_t count) {
  if (parts.size() < 2) return;
  const auto left = static_cast<size_t>(num_left_leaves(static_cast<int64_t>(parts.size())));
  sum_piece(parts.first(left), first, count);
  sum_piece(parts.subspan(left), first, count);
  add(parts[0] + first, parts[left] + first, count);
}

void copy_piece(std::span<float* const> parts, int64_t first, int64_t count) {
  for (float* const part : parts.subspan(1)) {
    std::copy_n(parts[0] + first, count, part + first);
  }
}

}  // namespace

int64_t num_left_leaves(int64_t num_leaves) {
  return static_cast<int64_t>(std::bit_floor(static_cast<uint64_t>(num_leaves - 1)));
}

std::vector<int64_t> workers_that_keep_the_tree(int64_t num_leaves) {
  std::vector<int64_t> numbers;
  for (int64_t n = 1; n <= num_leaves; ++n) {
    const bool whole_subtrees =
        num_leaves % n == 0 && std::has_single_bit(static_cast<uint64_t>(num_leaves / n));
    if (n == 1 || whole_subtrees) numbers.push_back(n);
  }
  return numbers;
}

void sum_to_first(std::span<float* const> parts, int64_t count) {
  for (int64_t first = 0; first < count; first += kPiece) {
    sum_piece(parts, first, std::min(kPiece, count - first));
  }
}

void sum_to_all(std::span<float* const> parts, int64_t count) {
  for (int64_t first = 0; first < count; first += kPiece) {
    const int64_t piece = std::min(kPiece, count - first);
    sum_piece(parts, first, piece);
    copy_piece(parts, first, piece);
  }
}

void copy_first_to_others(std::span<float* const> parts, int64_t count) {
  copy_piece(parts, 0, count);
}

}  // namespace comm
