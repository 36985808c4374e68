// The network alone, on one tile, as restore's library calls it.
//   forward_bench MODEL MODE HEIGHT WIDTH RUNS [THREADS]
//       MODE plain, fp32 or bf16 (prepared for inference in it), with "-gray" behind: without
//       colour. Prints seconds and processor seconds a megapixel (least of RUNS), GFLOP/s of the
//       convolutions, and how many bytes a pixel memory grew by

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <string>
#include <vector>

#include "common/error.h"
#include "common/hardware.h"
#include "device/torch.h"
#include "restore/load_network.h"
#include "worker/convolution_work.h"

namespace {

using Network = std::shared_ptr<model::Network>;

constexpr double kMega = 1e6;
constexpr int64_t kFlopsSide = 128;

Network load(const std::string& path, std::string mode) {
  auto network = restore::load_network(path).network;
  for (auto& [name, weight] : network->weights()) at::Tensor(weight).set_requires_grad(false);
  model::Preparation preparation;
  if (mode.ends_with("-gray")) {
    preparation.colour = false;
    mode.resize(mode.size() - 5);
  }
  if (mode == "plain") return network;
  if (mode != "fp32" && mode != "bf16") {
    throw common::Error(common::ErrorKind::usage, "no such mode: " + mode);
  }
  preparation.precision = mode == "bf16" ? model::Precision::bf16 : model::Precision::fp32;
  network->prepare_for_inference(preparation);
  return network;
}

double processor_s() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

double wall_s() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

void time_forward(const std::vector<std::string>& arguments) {
  const int64_t height = std::stoll(arguments[2]), width = std::stoll(arguments[3]);
  if (arguments.size() > 5) at::set_num_threads(std::stoi(arguments[5]));
  const double flops = worker::convolution_flops(*load(arguments[0], "plain"), kFlopsSide) /
                       static_cast<double>(kFlopsSide * kFlopsSide);
  const Network network = load(arguments[0], arguments[1]);
  const c10::InferenceMode inference;
  const at::Tensor small = at::rand({1, 1, 64, 64}), aged = at::rand({1, 1, height, width});
  network->forward(small);  // what is made once is no part of a tile's memory
  const auto pixels = static_cast<double>(height * width);
  const int64_t before_bytes = common::peak_memory_bytes();
  double least_s = 1e9, least_processor_s = 1e9;
  for (int run = 0; run < std::stoi(arguments[4]); ++run) {
    const double wall = wall_s(), processor = processor_s();
    network->forward(aged);
    least_s = std::min(least_s, wall_s() - wall);
    least_processor_s = std::min(least_processor_s, processor_s() - processor);
  }
  const auto grown_bytes = static_cast<double>(common::peak_memory_bytes() - before_bytes);
  std::printf("%-10s %lldx%lld  %.3f s/MP  %.3f processor s/MP  %.0f GFLOP/s  %.0f bytes a pixel\n",
              arguments[1].c_str(), static_cast<long long>(height), static_cast<long long>(width),
              least_s * kMega / pixels, least_processor_s * kMega / pixels,
              1e-9 * flops * pixels / least_s, grown_bytes / pixels);
}

}  // namespace

int main(int argc, char** argv) {
  common::keep_freed_memory();
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  try {
    if (arguments.size() < 5) {
      std::fprintf(stderr, "usage: forward_bench MODEL MODE HEIGHT WIDTH RUNS [THREADS]\n");
      return common::kExitUsage;
    }
    time_forward(arguments);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "forward_bench: %s\n", error.what());
    return common::kExitUsage;
  }
  return common::kExitDone;
}
