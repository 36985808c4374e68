// Times saving and loading a checkpoint of 1 GB for benches/checkpoints/run.
//   checkpoint_bench FOLDER
// A line on standard input is a round; the answer is on standard output:
//   save     seconds until training may go on, seconds of processor time that all of the save
//   takes,
//            seconds until the checkpoint is on disk
//   load     seconds until all tensors are in memory, their checksums compared

#include <chrono>
#include <cstdio>
#include <ctime>
#include <iostream>
#include <string>

#include "checkpoints/background_saver.h"
#include "common/error.h"
#include "common/hardware.h"
#include "common/random.h"
#include "device/torch.h"

namespace {

constexpr int64_t kNumTensors = 64, kTensorElements = 4'000'000;  // of 4 bytes: 1.024 GB

double now_s() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Of all threads of this process.
double processor_s() {
  timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

/// Values that no disk can shrink.
checkpoints::Checkpoint random_checkpoint() {
  checkpoints::Checkpoint checkpoint;
  for (int64_t i = 0; i < kNumTensors; ++i) {
    common::KeyedRandom random(common::random_key("bench", {static_cast<uint64_t>(i)}));
    const at::Tensor tensor = at::empty({kTensorElements}, at::kFloat);
    float* const values = tensor.mutable_data_ptr<float>();
    for (int64_t k = 0; k < kTensorElements; ++k) {
      values[k] = static_cast<float>(random.uniform(-1, 1));
    }
    checkpoint.tensors.push_back({"model." + std::to_string(i), tensor});
  }
  return checkpoint;
}

class CheckpointBench {
 public:
  explicit CheckpointBench(const std::string& folder) : folder_(folder, 1), saver_(folder_) {}

  std::string answer(const std::string& round) {
    const double begin = now_s(), processor_begin = processor_s();
    if (round == "save") {
      ++checkpoint_.state.step;
      saver_.save(checkpoint_, false);
      const double copied = now_s();
      saver_.wait();
      return std::to_string(copied - begin) + " " +
             std::to_string(processor_s() - processor_begin) + " " +
             std::to_string(now_s() - begin);
    }
    if (round == "load") {
      std::vector<std::string> passed_over;
      const auto loaded = folder_.load_newest(passed_over);
      const double end = now_s();
      if (!loaded || loaded->state.step != checkpoint_.state.step) {
        throw common::Error(common::ErrorKind::corrupt, "the bench's checkpoint was not loaded");
      }
      return std::to_string(end - begin);
    }
    throw common::Error(common::ErrorKind::usage, "no such round: " + round);
  }

 private:
  checkpoints::CheckpointFolder folder_;
  checkpoints::BackgroundSaver saver_;
  checkpoints::Checkpoint checkpoint_ = random_checkpoint();
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: checkpoint_bench FOLDER\n");
    return common::kExitUsage;
  }
  common::keep_freed_memory();
  try {
    CheckpointBench bench(argv[1]);
    for (std::string round; std::getline(std::cin, round);) {
      std::printf("%s\n", bench.answer(round).c_str());
      std::fflush(stdout);
    }
    return common::kExitDone;
  } catch (const common::Error& error) {
    std::fprintf(stderr, "checkpoint_bench: %s\n", error.what());
    return common::exit_code(error.kind());
  }
}
