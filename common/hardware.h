#pragma once

#include <cstdint>
#include <filesystem>

/// Before a function's definition: compiles it for any x86-64 processor, for those with AVX2 and
/// for those with AVX-512; the program chooses when it starts. All give the same bits where the
/// file is compiled with -ffp-contract=off. The thread sanitizer cannot run such functions.
#if defined(__x86_64__) && !defined(__SANITIZE_THREAD__) && !defined(__clang_analyzer__)
#define RESTORE_TARGET_CLONES __attribute__((target_clones("arch=x86-64-v4", "avx2", "default")))
#else
#define RESTORE_TARGET_CLONES
#endif

namespace common {

/// The logical CPUs that this process may keep busy: the smallest of its affinity mask and its
/// cgroups' quotas, rounded down, at least 1. Hyper-threads count, as they do for Slurm.
/// `cgroup_root` is where the control groups are mounted, `own_cgroups` the process's list of them.
int usable_cores(const std::filesystem::path& cgroup_root = "/sys/fs/cgroup",
                 const std::filesystem::path& own_cgroups = "/proc/self/cgroup");

/// GPUs of this machine that NVIDIA's driver shows to this process (CUDA_VISIBLE_DEVICES may hide
/// some); 0 without a driver. Asks the driver itself, so it needs no CUDA libraries.
int num_gpus_by_driver();

/// Keeps memory that was freed instead of giving it back to the system: 60,000 to 90,000 page
/// faults less in a training step. Call it first in main.
void keep_freed_memory();

/// The most physical memory that this process has held.
int64_t peak_memory_bytes();

}  // namespace common
