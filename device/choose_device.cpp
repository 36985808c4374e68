#include "device/choose_device.h"

#include <spdlog/spdlog.h>

#include <cstdlib>

#include "common/error.h"
#include "common/hardware.h"
#include "device/torch.h"

namespace device {
namespace {

using common::Error;

ChosenDevice use_gpu(int local_rank, int num_gpus) {
  ChosenDevice chosen;
  chosen.module.emplace();
  chosen.num_gpus = num_gpus;
  chosen.device = c10::Device(c10::DeviceType::CUDA,
                              static_cast<c10::DeviceIndex>(local_rank % chosen.num_gpus));
  try {
    c10::impl::VirtualGuardImpl(c10::DeviceType::CUDA).setDevice(chosen.device);
  } catch (const c10::Error& error) {
    const std::string text = error.what_without_backtrace();
    throw common::config_error("CUDA cannot use " + chosen.device.str() + ": " +
                               text.substr(0, text.find('\n')) +
                               "; the driver must be of CUDA 13 or newer (nvidia-smi)");
  }
  return chosen;
}

}  // namespace

ChosenDevice choose_device(const std::string& wish, int local_rank) {
  if (wish == "cpu") return {};
  if (wish != "auto" && wish != "cuda") {
    throw common::config_error("the device must be auto, cpu or cuda, got '" + wish + "'");
  }
  const int num_gpus = common::num_gpus_by_driver();
  if (wish == "cuda") {
    if (num_gpus > 0) return use_gpu(local_rank, num_gpus);
    throw common::config_error(
        "cuda was asked for, but the NVIDIA driver finds no GPU on this machine; look at "
        "nvidia-smi and CUDA_VISIBLE_DEVICES, or use the device cpu");
  }
  if (num_gpus == 0) return {};
  try {
    return use_gpu(local_rank, num_gpus);
  } catch (const Error& error) {
    spdlog::warn("computing on the CPU although there is a GPU: {}", error.what());
    return {};
  }
}

void set_gpu_numerics(const GpuNumerics& numerics) {
  // cuBLAS reads it when it starts; without it, its sums are not the same each time.
  if (numerics.deterministic) setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", /*overwrite=*/0);
  at::Context& context = at::globalContext();
  context.setAllowTF32CuDNN(numerics.tf32);
  context.setAllowTF32CuBLAS(numerics.tf32);
  context.setDeterministicCuDNN(numerics.deterministic);
  context.setDeterministicAlgorithms(numerics.deterministic, /*warn_only=*/false);
  context.setDeterministicFillUninitializedMemory(false);
  // Shapes do not change from step to step, so LibTorch looks for the fastest algorithm once. Which
  // one that is depends on timings: not where bits must repeat.
  context.setBenchmarkCuDNN(!numerics.deterministic);
}

}  // namespace device
