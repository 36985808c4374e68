// device/: where a program computes, and what it asks of CUDA beyond LibTorch's operators.
// May include common/ and LibTorch; knows neither workers nor networks.
// Start with choose_device.h; gpu_module.h says how CUDA comes into a program that starts without.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace device {

/// Host memory whose pages are locked for the life of this object.
class PinnedPages {
 public:
  PinnedPages() = default;
  virtual ~PinnedPages() = default;
  PinnedPages(const PinnedPages&) = delete;
  PinnedPages& operator=(const PinnedPages&) = delete;
};

/// Work on the device that was recorded once and is started again by a single call.
class RecordedWork {
 public:
  RecordedWork() = default;
  virtual ~RecordedWork() = default;
  RecordedWork(const RecordedWork&) = delete;
  RecordedWork& operator=(const RecordedWork&) = delete;

  /// Starts it on the current stream: on the same memory, whatever that holds now.
  virtual void replay() = 0;
};

/// The current CUDA device of the process. Implemented in the GPU module (cuda_gpu.cpp).
class Gpu {
 public:
  Gpu() = default;
  virtual ~Gpu() = default;
  Gpu(const Gpu&) = delete;
  Gpu& operator=(const Gpu&) = delete;

  /// Locks the pages of memory that somebody else allocated, so that copies between it and the
  /// device are direct and may run beside the computation. The memory must outlive the result.
  /// Throws Error(io).
  virtual std::unique_ptr<PinnedPages> pin(void* address, size_t num_bytes) = 0;

  /// Runs `work` on a stream of its own and records what it starts on the device (a CUDA graph).
  /// `work` must have run before, so that what LibTorch sets up at first use is there; it may not
  /// wait for the device. Recording does not execute: memory is as before.
  /// Throws c10::Error for work that cannot be recorded.
  virtual std::unique_ptr<RecordedWork> record(const std::function<void()>& work) = 0;

  /// Bytes of device memory that LibTorch held at most so far.
  virtual size_t peak_memory_bytes() const = 0;
};

}  // namespace device
