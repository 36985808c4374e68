#pragma once

#include <optional>
#include <string>

#include "device/gpu.h"
#include "device/torch.h"

namespace device {

/// Where this process computes.
struct ChosenDevice {
  c10::Device device = c10::Device(c10::DeviceType::CPU);
  int num_gpus = 0;                 ///< of this machine, as far as they are visible
  std::optional<GpuModule> module;  ///< there if the device is a GPU
};

/// `wish` is cpu, cuda or auto: a GPU where the driver finds one and the module can be opened, else
/// the CPU. Of n GPUs the process gets number local_rank modulo n. The others stay visible, since
/// NCCL copies from GPU to GPU.
/// Throws Error(config) for another word, and for cuda where there is none.
ChosenDevice choose_device(const std::string& wish, int local_rank);

/// How a GPU computes in float32, and whether it repeats the same bits.
struct GpuNumerics {
  bool tf32 = false;           ///< round products to 10 bits of mantissa: several times faster
  bool deterministic = false;  ///< only algorithms that give the same bits each time
};

/// Before the first operator on a GPU.
void set_gpu_numerics(const GpuNumerics& numerics);

}  // namespace device
