#include "checkpoints/background_saver.h"

#include <spdlog/spdlog.h>

#include <chrono>

namespace checkpoints {

BackgroundSaver::~BackgroundSaver() {
  try {
    wait();
  } catch (const std::exception& error) {
    spdlog::error("the checkpoint of step {} was not saved: {}", snapshot_.checkpoint().step,
                  error.what());
  }
}

void BackgroundSaver::save(const Checkpoint& checkpoint, bool is_best) {
  using namespace std::chrono;
  if (writing_.valid() && writing_.wait_for(seconds(0)) != std::future_status::ready) {
    const auto begin = steady_clock::now();
    writing_.wait();
    spdlog::info("step {} waited {:.1f} s for the checkpoint of step {} to be on disk",
                 checkpoint.step, duration<double>(steady_clock::now() - begin).count(),
                 snapshot_.checkpoint().step);
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
