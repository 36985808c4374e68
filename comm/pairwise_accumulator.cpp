#include "comm/pairwise_accumulator.h"

#include <bit>
#include <utility>

#include "device/torch.h"

namespace comm {

void PairwiseAccumulator::push(at::Tensor& values, bool last) {
  const at::NoGradGuard no_grad;
  if (last) {
    // What was left unmerged is merged from the right: the short sums first.
    for (uint64_t left = std::exchange(num_pushed_, 0); left != 0; left &= left - 1) {
      values.add_(levels_[static_cast<size_t>(std::countr_zero(left))]);
    }
    return;
  }
  const auto carry = static_cast<size_t>(std::countr_one(num_pushed_++));
  at::Tensor& merged = level(carry, values);
  for (size_t l = 0; l + 1 < carry; ++l) values.add_(levels_[l]);
  if (carry == 0) {
    merged.copy_(values);
  } else {
    at::add_out(merged, levels_[carry - 1], values);
  }
  values.zero_();
}

at::Tensor& PairwiseAccumulator::level(size_t number, const at::Tensor& like) {
  if (levels_.size() == number) levels_.push_back(at::empty_like(like));
  return levels_[number];
}

}  // namespace comm
