#include "checkpoints/background_saver.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>

#include "device/torch.h"

namespace checkpoints {

void Snapshot::take(const Checkpoint& checkpoint) {
  const at::NoGradGuard no_grad;
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
  return std::ranges::equal(copy_.tensors, tensors, [](const auto& a, const auto& b) {
    return a.name == b.name && a.tensor.sizes() == b.tensor.sizes() &&
           a.tensor.scalar_type() == b.tensor.scalar_type();
  });
}

BackgroundSaver::~BackgroundSaver() {
  try {
    wait();
  } catch (const std::exception& error) {
    spdlog::error("the checkpoint of step {} was not saved: {}", snapshot_.checkpoint().state.step,
                  error.what());
  }
}

void BackgroundSaver::save(const Checkpoint& checkpoint, bool is_best) {
  using namespace std::chrono;
  if (writing_.valid() && writing_.wait_for(seconds(0)) != std::future_status::ready) {
    const auto begin = steady_clock::now();
    writing_.wait();
    spdlog::info("step {} waited {:.1f} s for the checkpoint of step {} to be on disk",
                 checkpoint.state.step, duration<double>(steady_clock::now() - begin).count(),
                 snapshot_.checkpoint().state.step);
  }
  wait();
  snapshot_.take(checkpoint);
  writing_ = std::async(std::launch::async,
                        [this, is_best] { folder_.save(snapshot_.checkpoint(), is_best); });
}

void BackgroundSaver::wait() {
  if (writing_.valid()) writing_.get();
}

}  // namespace checkpoints
