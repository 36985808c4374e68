#pragma once

#include <bit>
#include <cstdint>
#include <utility>
#include <vector>

#include "device/torch.h"

namespace comm {

/// Sums tensors that come one after the other in the order of the summation tree. It works like a
/// binary counter: two sums of equally many tensors are merged at once, the earlier + the later. Of
/// n tensors it keeps at most log2(n) sums.
class PairwiseAccumulator {
 public:
  /// Takes the next tensor and leaves zeros in it. With `last`, leaves in it the sum of all tensors
  /// since the accumulator was last empty; it is empty again then.
  /// All tensors have one shape and dtype. Outside autograd.
  void push(at::Tensor& values, bool last) {
    const at::NoGradGuard no_grad;
    if (last) {
      // What was left unmerged is merged from the right: the short sums first.
      for (uint64_t left = std::exchange(num_pushed_, 0); left != 0; left &= left - 1) {
        values.add_(levels_[static_cast<size_t>(std::countr_zero(left))]);
      }
      return;
    }
    const auto carry = static_cast<size_t>(std::countr_one(num_pushed_++));
    if (levels_.size() == carry) levels_.push_back(at::empty_like(values));
    for (size_t l = 0; l + 1 < carry; ++l) values.add_(levels_[l]);
    if (carry == 0) {
      levels_[0].copy_(values);
    } else {
      at::add_out(levels_[carry], levels_[carry - 1], values);
    }
    values.zero_();
  }

  /// Empty again, as after an unfinished sum.
  void clear() { num_pushed_ = 0; }

 private:
  std::vector<at::Tensor> levels_;  // number l: the sum of 2^l, where bit l of num_pushed_ is set
  uint64_t num_pushed_ = 0;
};

}  // namespace comm
