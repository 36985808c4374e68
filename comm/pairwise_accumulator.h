#pragma once

#include <cstdint>
#include <vector>

#include "device/torch.h"

namespace comm {

/// Sums tensors that come one after the other in the order of the summation tree, as a binary
/// counter counts: two sums of equally many are merged at once, the earlier + the later. Of n
/// tensors it keeps at most log2(n) sums.
class PairwiseAccumulator {
 public:
  /// Takes the next tensor and leaves zeros in it; with `last`, leaves in it the sum of all since
  /// the counter was last empty, and is empty.
  /// All tensors have one shape and dtype. Outside autograd.
  void push(at::Tensor& values, bool last);

  /// Empty again, as after an unfinished sum.
  void clear() { num_pushed_ = 0; }

 private:
  at::Tensor& level(size_t number, const at::Tensor& like);

  std::vector<at::Tensor> levels_;  // number l: the sum of 2^l, where bit l of num_pushed_ is set
  uint64_t num_pushed_ = 0;
};

}  // namespace comm
