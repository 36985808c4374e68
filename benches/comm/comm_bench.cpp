// Times sums over workers for benches/comm/run. Under mpirun, one thread a worker:
//   comm_bench sums        a line for 4, 32 and 128 MB: seconds of AllReduceBuffer and of
//   MPI_Allreduce comm_bench steps N     N steps each by `fast` and by `tree`, in turns: seconds of
//   a step of both,
//                          and of the sum of its gradients
//   comm_bench weights N   the hash of the weights after N steps by `tree`
#include <mpi.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "common/hardware.h"
#include "common/hash.h"
#include "worker/job.h"
#include "worker/process.h"
#include "worker/train_step.h"
#include "worker/weights.h"

namespace {

using Seconds = std::vector<double>;

double median(Seconds seconds) {
  std::sort(seconds.begin(), seconds.end());
  return seconds[seconds.size() / 2];
}

/// Seconds until all workers are done with `work`, from a moment when all are there.
double seconds_of(comm::Group& group, const std::function<void()>& work) {
  group.barrier();
  const double begin = MPI_Wtime();
  work();
  group.barrier();
  return MPI_Wtime() - begin;
}

/// Both sums of as many megabytes, in turns; what is summed stays 1, or it would overflow.
void time_sums(comm::Group& group, int64_t megabytes) {
  const int64_t count = megabytes * 1'000'000 / int64_t{sizeof(float)};
  const auto buffer = group.make_all_reduce_buffer(count);
  std::vector<float> plain(static_cast<size_t>(count));
  Seconds ours, baselines;
  for (int round = 0; round < 16; ++round) {
    buffer->values().fill_(1);
    std::fill(plain.begin(), plain.end(), 1.0F);
    const double by_buffer = seconds_of(group, [&] { buffer->sum(); });
    const double by_mpi = seconds_of(group, [&] {
      MPI_Allreduce(MPI_IN_PLACE, plain.data(), static_cast<int>(count), MPI_FLOAT, MPI_SUM,
                    MPI_COMM_WORLD);
    });
    if (round == 0) continue;  // touches the pages
    ours.push_back(by_buffer);
    baselines.push_back(by_mpi);
  }
  if (group.rank() == 0) std::printf("%.9f %.9f\n", median(ours), median(baselines));
}

/// The network of the released model.
worker::TrainConfig main_config(const std::string& reduction, int64_t crop) {
  worker::TrainConfig config;
  config.schedule.micro_batches_per_step = 4;
  config.schedule.micro_batch_size = 2;
  config.sampling.crop = crop;
  config.comm.reduction = reduction;
  return config;
}

/// Micro-batch `number` of the job: random pixels, the same whichever worker asks.
dataset::Batch random_batch(int64_t number, int64_t samples, int64_t crop) {
  std::mt19937 random(static_cast<uint32_t>(number));
  std::uniform_real_distribution<float> level(0, 1);
  const auto pixels = [&](int64_t channels) {
    std::pmr::vector<float> values(static_cast<size_t>(samples * channels * crop * crop));
    std::generate(values.begin(), values.end(), [&] { return level(random); });
    return values;
  };
  return {samples, crop, crop, pixels(1), pixels(3), pixels(1)};
}

class Trainer {
 public:
  Trainer(comm::Group& group, worker::TrainConfig config)
      : group_(group),
        config_(std::move(config)),
        plan_(config_.schedule.micro_batches_per_step, group.rank(), group.size(),
              config_.comm.order_of_sums()),
        trainer_(group, config_),
        forward_backward_(trainer_, config_) {}

  void step() {
    std::vector<dataset::Batch> batches;
    for (int64_t i = 0; i < plan_.own_per_step(); ++i) batches.push_back(batch(plan_, i));
    auto next = batches.begin();
    const auto take_next = [&] { return worker::tensors_of(std::move(*next++)); };
    seconds_.push_back(seconds_of(group_, [&] {
      worker::train_step({group_, plan_, config_, trainer_, forward_backward_},
                         {state_, 0, take_next});
    }));
    trainer_.gradients.begin_micro_batch(/*last=*/true);
    trainer_.gradients.end_micro_batch();
    sums_.push_back(seconds_of(group_, [&] { trainer_.gradients.all_reduce_mean(group_.size()); }));
    ++state_.step;
  }

  double step_s() const { return median(seconds_); }
  double sum_s() const { return median(sums_); }
  uint64_t weights() const { return worker::weights_xxh3(trainer_.weights); }

 private:
  dataset::Batch batch(const worker::MicroBatchPlan& plan, int64_t turn) const {
    return random_batch(plan.number(state_.step, turn), config_.schedule.micro_batch_size,
                        config_.sampling.crop);
  }

  comm::Group& group_;
  const worker::TrainConfig config_;
  const worker::MicroBatchPlan plan_;
  worker::TrainerState trainer_;
  worker::ForwardBackward forward_backward_;
  checkpoints::RunState state_;
  Seconds seconds_, sums_;
};

void time_steps(comm::Group& group, int64_t count) {
  Trainer fast(group, main_config("fast", 128)), tree(group, main_config("tree", 128));
  for (int64_t i = 0; i < count; ++i) {
    fast.step();
    tree.step();
  }
  if (group.rank() != 0) return;
  std::printf("%.9f %.9f %.9f\n", fast.step_s(), tree.step_s(), fast.sum_s());
}

void print_weights(comm::Group& group, int64_t count) {
  Trainer tree(group, main_config("tree", 64));
  for (int64_t i = 0; i < count; ++i) tree.step();
  if (group.rank() == 0) std::printf("%s\n", common::hex64(tree.weights()).c_str());
}

int run(comm::Group& group, const std::vector<std::string>& words) {
  worker::use_threads(1, 1);
  if (words == std::vector<std::string>{"sums"}) {
    for (const int64_t megabytes : {4, 32, 128}) time_sums(group, megabytes);
  } else if (words.size() == 2 && words[0] == "steps") {
    time_steps(group, std::stoll(words[1]));
  } else if (words.size() == 2 && words[0] == "weights") {
    print_weights(group, std::stoll(words[1]));
  } else {
    std::fputs("usage: comm_bench sums | steps N | weights N\n", stderr);
    group.abort(common::kExitUsage);
  }
  return common::kExitDone;
}

}  // namespace

int main(int argc, char** argv) {
  common::keep_freed_memory();
  const std::vector<std::string> words(argv + 1, argv + argc);
  const auto group = comm::open_group("mpi");
  return worker::end_all_on_error(*group, [&] { return run(*group, words); });
}
