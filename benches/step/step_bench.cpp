// Times training steps for benches/step/run, which compares them with PyTorch's.
//   step_bench STORE PIPE [section.key=value ...]     alone or under mpirun
// A line in the named pipe PIPE.RANK is a round; worker 0 answers on standard output. A worker that
// waits for a round sleeps in read(2): in MPI it would keep a core busy that a baseline is timed
// on.
//   step N     seconds a step over N steps, then those in each phase of worker/records/step_times.h
//   flops      of the convolutions a step, over all workers
//   matmul     GFLOP/s of a product of matrices, all workers at it at once, two ways: at::mm (MKL)
//              and a 1x1 convolution (oneDNN, which the network's convolutions use)

#include <cstdio>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "common/clock.h"
#include "common/config.h"
#include "common/error.h"
#include "common/hardware.h"
#include "dataset/sampling/prefetched_batches.h"
#include "device/torch.h"
#include "worker/convolution_work.h"
#include "worker/job.h"
#include "worker/process.h"
#include "worker/train_step.h"

namespace {

/// The network of the released model on its crops.
worker::TrainConfig bench_config(const std::vector<std::string>& overrides) {
  worker::TrainConfig config;
  config.run.threads = 1;
  config.sampling.crop = 128;
  config.schedule.micro_batches_per_step = 2;
  config.schedule.micro_batch_size = 4;
  common::read_config({}, overrides, config);
  return config;
}

constexpr worker::StepPhase kPhases[] = {worker::StepPhase::data,      worker::StepPhase::forward,
                                         worker::StepPhase::backward,  worker::StepPhase::reduce,
                                         worker::StepPhase::optimizer, worker::StepPhase::ema};
constexpr int64_t kSide = 1024;  // of the matrices that are multiplied

class StepBench {
 public:
  StepBench(comm::Group& group, worker::TrainConfig config)
      : group_(group),
        config_(std::move(config)),
        plan_(config_.schedule.micro_batches_per_step, group.rank(), group.size(),
              config_.comm.order_of_sums()),
        store_(config_.data.store),
        trainer_(group, config_),
        forward_backward_(trainer_, config_),
        batches_(store_, config_.sampling, 1, config_.schedule.micro_batch_size,
                 [this](int64_t turn) { return plan_.number(0, turn); }) {}

  std::string answer(const std::string& round) {
    std::istringstream words(round);
    std::string what;
    int64_t count = 1;
    words >> what >> count;
    group_.barrier();
    if (what == "step") return steps(count);
    if (what == "flops") return std::to_string(flops());
    if (what == "matmul") return matmul_gflops();
    throw common::Error(common::ErrorKind::usage, "no such round: " + round);
  }

 private:
  std::string steps(int64_t count) {
    std::map<worker::StepPhase, double> phases;
    const double begin = common::steady_now_s();
    for (int64_t i = 0; i < count; ++i, ++state_.step) {
      const auto result =
          worker::train_step({group_, plan_, config_, trainer_, forward_backward_},
                             {state_, 0, [this] { return worker::tensors_of(batches_.next()); }});
      for (const worker::StepPhase phase : kPhases) phases[phase] += result.times.seconds(phase);
    }
    std::string answer = std::to_string((common::steady_now_s() - begin) / double(count));
    for (const worker::StepPhase phase : kPhases) {
      answer += " " + std::to_string(phases[phase] / double(count));
    }
    return answer;
  }

  double flops() const {
    return worker::convolution_flops(*trainer_.network, config_.sampling.crop) *
           static_cast<double>(config_.schedule.samples_per_step());
  }

  std::string matmul_gflops() {
    const at::NoGradGuard no_grad;
    const at::Tensor a = at::rand({kSide, kSide}), b = at::rand({kSide, kSide});
    const at::Tensor weight = a.view({kSide, kSide, 1, 1});
    // kSide pixels, in 16 pictures: for fewer LibTorch takes MKL here too.
    const at::Tensor columns =
        b.view({16, kSide, kSide / 128, 8}).contiguous(at::MemoryFormat::ChannelsLast);
    return std::to_string(product_gflops([&] { at::mm(a, b); })) + " " +
           std::to_string(product_gflops([&] { at::conv2d(columns, weight); }));
  }

  /// Of all workers together.
  double product_gflops(const auto& multiply) {
    constexpr int64_t kProducts = 20;
    multiply();
    group_.barrier();
    const double begin = common::steady_now_s();
    for (int64_t i = 0; i < kProducts; ++i) multiply();
    at::Tensor sum = at::zeros({1}, at::kDouble);
    sum[0] = 2e-9 * kProducts * kSide * kSide * kSide / (common::steady_now_s() - begin);
    group_.all_reduce_sum(sum);
    return sum.item<double>();
  }

  comm::Group& group_;
  const worker::TrainConfig config_;
  const worker::MicroBatchPlan plan_;
  const dataset::Store store_;
  worker::TrainerState trainer_;
  worker::ForwardBackward forward_backward_;
  dataset::PrefetchedBatches batches_;
  checkpoints::RunState state_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: step_bench STORE PIPE [section.key=value ...]\n");
    return common::kExitUsage;
  }
  common::keep_freed_memory();
  const auto group = comm::open_group("auto");
  return worker::end_all_on_error(*group, [&] {
    worker::TrainConfig config = bench_config({argv + 3, argv + argc});
    config.data.store = argv[1];
    worker::use_threads(config.run.threads, 1);
    StepBench bench(*group, std::move(config));
    std::ifstream rounds(std::string(argv[2]) + "." + std::to_string(group->rank()));
    for (std::string round; std::getline(rounds, round);) {
      const std::string answer = bench.answer(round);
      if (group->rank() == 0) std::printf("%s\n", answer.c_str()), std::fflush(stdout);
    }
    return common::kExitDone;
  });
}
