#include "checkpoints/snapshot.h"

#include <algorithm>

#include "device/torch.h"

namespace checkpoints {

void Snapshot::take(const Checkpoint& checkpoint) {
  const at::NoGradGuard no_grad;
  copy_.step = checkpoint.step;
  copy_.state = checkpoint.state;
  if (!fits(checkpoint.tensors)) {
    copy_.tensors.clear();
    for (const auto& [name, tensor] : checkpoint.tensors) {
      copy_.tensors.push_back({name, at::empty(tensor.sizes(), tensor.scalar_type())});
    }
  }
  for (size_t i = 0; i < copy_.tensors.size(); ++i) {
    copy_.tensors[i].tensor.copy_(checkpoint.tensors[i].tensor);
  }
}

bool Snapshot::fits(const std::vector<device::NamedTensor>& tensors) const {
  return std::ranges::equal(copy_.tensors, tensors,
                            [](const device::NamedTensor& a, const device::NamedTensor& b) {
                              return a.name == b.name && a.tensor.sizes() == b.tensor.sizes() &&
                                     a.tensor.scalar_type() == b.tensor.scalar_type();
                            });
}

}  // namespace checkpoints
