#pragma once

namespace common {

/// GPUs of this machine that NVIDIA's driver shows to this process (CUDA_VISIBLE_DEVICES may hide
/// some); 0 where there is no driver. Asks the driver itself, so it needs no CUDA libraries.
int num_gpus_by_driver();

}  // namespace common
