// Answers for scripts/gpu-check, which compares them with the CPU and with PyTorch's.
//   gpu_check [section.key=value ...]
// A line on standard input is a round; the answer is a line on standard output.
//   gradients P      precision P against fp32 on the CPU: the largest relative error of a weight's
//                    gradient, in the median of several micro-batches; the last one's loss there
//                    and here
//   repeats          1 if the same micro-batch twice, deterministic, gives the same bits
//   step P G N       seconds a step over N steps in precision P; G 1: the work is recorded
//   peak             bytes of device memory that were held at most
//   flops            of the convolutions of a step

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <map>
#include <sstream>
#include <string>

#include "comm/device_group.h"
#include "common/clock.h"
#include "common/config.h"
#include "common/error.h"
#include "common/random.h"
#include "device/torch.h"
#include "model/chroma.h"
#include "worker/convolution_work.h"
#include "worker/job.h"
#include "worker/train_step.h"

namespace {

/// In about one micro-batch of six, rounding turns some ReLU on or off, which changes a weight's
/// gradient by up to 1e-2, between fp32 and fp64 on one CPU too: hence the median of several.
constexpr int kMicroBatchesCompared = 5;

/// A network that fills a large GPU.
worker::TrainConfig check_config(const std::vector<std::string>& overrides) {
  worker::TrainConfig config;
  config.run.device = "cuda";
  config.network.find = config.network.restore = config.network.colourise = {64, 128, 256, 512};
  config.sampling.crop = 256;
  config.schedule.micro_batches_per_step = 1;
  config.schedule.micro_batch_size = 32;
  common::read_config({}, overrides, config);
  return config;
}

/// Uniform in [0,1), the same everywhere.
at::Tensor drawn(at::IntArrayRef shape, const char* name, uint64_t number, at::Device device) {
  at::Tensor values = at::empty(shape, at::kFloat);
  common::KeyedRandom random(common::random_key(name, {number}));
  float* const floats = values.mutable_data_ptr<float>();
  std::generate_n(floats, values.numel(), [&] { return random.uniform(); });
  return values.to(device);
}

worker::BatchTensors drawn_batch(int64_t samples, int64_t side, at::Device device,
                                 uint64_t number = 1) {
  const at::Tensor clean = drawn({samples, 3, side, side}, "clean", number, device);
  return {drawn({samples, 1, side, side}, "aged", number, device),
          {model::luma_of(clean), model::chroma_of(clean),
           drawn({samples, 1, side, side}, "damage", number, device)}};
}

struct Gradients {
  double loss = 0;
  std::vector<at::Tensor> of_weights;  ///< on the CPU
};

/// Of a small batch, so that the CPU can follow.
Gradients gradients(worker::TrainConfig config, const std::string& precision,
                    const device::ChosenDevice& chosen, uint64_t number = 1) {
  config.run.precision = precision;
  auto group = comm::for_device(comm::open_group("single"), config.comm, chosen);
  worker::TrainerState trainer(*group, config, chosen.device);
  worker::ForwardBackward forward_backward(trainer, config);
  worker::StepTimes times;
  const at::Tensor loss =
      forward_backward.run(drawn_batch(2, 64, chosen.device, number), /*last=*/true, times);
  Gradients result{loss.item<double>(), {}};
  for (const auto& weight : trainer.weights) {
    result.of_weights.push_back(weight.tensor.grad().cpu().clone());
  }
  return result;
}

/// Of a weight's gradient, relative to what it should be.
double largest_error(const Gradients& is, const Gradients& should_be) {
  double worst = 0;
  for (size_t i = 0; i < is.of_weights.size(); ++i) {
    const at::Tensor difference = is.of_weights[i] - should_be.of_weights[i];
    worst = std::max(worst, difference.norm().item<double>() /
                                std::max(1e-12, should_be.of_weights[i].norm().item<double>()));
  }
  return worst;
}

class GpuCheck {
 public:
  explicit GpuCheck(worker::TrainConfig config)
      : config_(std::move(config)), chosen_(device::choose_device("cuda", 0)) {
    use(config_.run.precision, /*deterministic=*/false);
  }

  std::string answer(const std::string& round) {
    std::istringstream words(round);
    std::string what, precision;
    words >> what >> precision;
    if (what == "gradients") return gradients_against_cpu(precision);
    if (what == "repeats") return repeats() ? "1" : "0";
    if (what == "peak") return std::to_string(chosen_.module->gpu().peak_memory_bytes());
    if (what == "flops") return std::to_string(flops());
    if (what == "step") {
      int recorded = 0;
      int64_t count = 0;
      words >> recorded >> count;
      return std::to_string(step_s(precision, recorded != 0, count));
    }
    throw common::Error(common::ErrorKind::usage, "no such round: " + round);
  }

 private:
  struct Trainer {
    Trainer(const worker::TrainConfig& with, const device::ChosenDevice& chosen)
        : config(with),
          group(comm::for_device(comm::open_group("single"), config.comm, chosen)),
          trainer(*group, config, chosen.device),
          forward_backward(trainer, config, {},
                           config.run.cuda_graph ? &chosen.module->gpu() : nullptr) {}

    const worker::TrainConfig config;
    const std::unique_ptr<comm::Group> group;
    const worker::MicroBatchPlan plan{config.schedule.micro_batches_per_step, 0, 1};
    worker::TrainerState trainer;
    worker::ForwardBackward forward_backward;
    checkpoints::RunState state;
  };

  static void use(const std::string& precision, bool deterministic) {
    device::set_gpu_numerics({.tf32 = precision == "tf32", .deterministic = deterministic});
  }

  /// On the CPU in fp32; the same for each precision that is compared with them.
  const std::vector<Gradients>& gradients_of_cpu() {
    for (uint64_t number = of_cpu_.size() + 1; number <= kMicroBatchesCompared; ++number) {
      of_cpu_.push_back(gradients(config_, "fp32", device::ChosenDevice{}, number));
    }
    return of_cpu_;
  }

  std::string gradients_against_cpu(const std::string& precision) {
    use(precision, false);
    std::vector<double> errors;
    double loss_there = 0, loss_here = 0;
    for (const Gradients& there : gradients_of_cpu()) {
      const Gradients here = gradients(config_, precision, chosen_, errors.size() + 1);
      errors.push_back(largest_error(here, there));
      loss_there = there.loss, loss_here = here.loss;
    }
    std::nth_element(errors.begin(), errors.begin() + kMicroBatchesCompared / 2, errors.end());
    std::ostringstream answer;  // not std::to_string, which has no digits below 1e-6
    answer << errors[kMicroBatchesCompared / 2] << ' ' << loss_there << ' ' << loss_here;
    return answer.str();
  }

  bool repeats() const {
    use("fp32", true);
    const Gradients first = gradients(config_, "fp32", chosen_);
    const Gradients second = gradients(config_, "fp32", chosen_);
    use(config_.run.precision, false);
    bool same = first.loss == second.loss;
    for (size_t i = 0; i < first.of_weights.size(); ++i) {
      same = same && at::equal(first.of_weights[i], second.of_weights[i]);
    }
    return same;
  }

  Trainer& trainer(const std::string& precision, bool recorded) {
    const std::string name = precision + (recorded ? " recorded" : "");
    if (trainers_.contains(name)) return *trainers_.at(name);
    worker::TrainConfig config = config_;
    config.run.precision = precision;
    config.run.cuda_graph = recorded;
    trainers_[name] = std::make_unique<Trainer>(config, chosen_);
    return *trainers_.at(name);
  }

  double step_s(const std::string& precision, bool recorded, int64_t count) {
    use(precision, false);
    Trainer& t = trainer(precision, recorded);
    const double begin = common::steady_now_s();
    for (int64_t i = 0; i < count; ++i, ++t.state.step) {
      worker::train_step({*t.group, t.plan, t.config, t.trainer, t.forward_backward},
                         {t.state, 0, [this] { return batch_; }});
    }
    c10::impl::VirtualGuardImpl(at::kCUDA).synchronizeDevice(chosen_.device.index());
    return (common::steady_now_s() - begin) / static_cast<double>(count);
  }

  double flops() {
    return worker::convolution_flops(*trainer("fp32", false).trainer.network,
                                     config_.sampling.crop) *
           static_cast<double>(config_.schedule.samples_per_step());
  }

  const worker::TrainConfig config_;
  const device::ChosenDevice chosen_;
  std::vector<Gradients> of_cpu_;
  const worker::BatchTensors batch_ =
      drawn_batch(config_.schedule.micro_batch_size, config_.sampling.crop, chosen_.device);
  std::map<std::string, std::unique_ptr<Trainer>> trainers_;
};

}  // namespace

int main(int argc, char** argv) {
  try {
    GpuCheck check(check_config({argv + 1, argv + argc}));
    for (std::string round; std::getline(std::cin, round);) {
      std::printf("%s\n", check.answer(round).c_str());
      std::fflush(stdout);
    }
    return common::kExitDone;
  } catch (const common::Error& error) {
    std::fprintf(stderr, "gpu_check: %s\n", error.what());
    return common::exit_code(error.kind());
  }
}
