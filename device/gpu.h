// device/: where a program computes, and what it asks of CUDA beyond LibTorch's operators.
// May include common/ and LibTorch; knows neither workers nor networks.
// Start with choose_device.h. This file says how CUDA comes into a program that starts without it.
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

  /// Starts it on the current stream. It works on the same memory, whatever that holds now.
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
  /// Recording does not execute: memory is as before.
  /// `work` must have run before, so that LibTorch has set up what it sets up at first use, and may
  /// not wait for the device.
  /// Throws c10::Error for work that cannot be recorded.
  virtual std::unique_ptr<RecordedWork> record(const std::function<void()>& work) = 0;

  /// The largest number of bytes of device memory that LibTorch has held so far.
  virtual size_t peak_memory_bytes() const = 0;

  /// Whether its tensor cores multiply bfloat16 (compute capability 8 and later).
  virtual bool multiplies_bf16() const = 0;
};

/// The GPU module, librestore_gpu.so: LibTorch's CUDA part, NCCL and our code that needs them.
/// Linked into a program they would cost 0.2 to 1.5 s and 350 MB at each start, and the program
/// would not start where CUDA's libraries are missing; so the module is opened at run time.
/// It stays open until the process ends.
class GpuModule {
 public:
  /// Opens it, from the program's folder or lib/ beside that. Do it before anything asks LibTorch
  /// for CUDA: LibTorch remembers its first answer, that there is none.
  /// Throws Error(config) if it was not built or its libraries are missing.
  GpuModule();

  Gpu& gpu() const;

  /// A function that the module exports by its plain name. Throws Error(config) if there is none:
  /// the module is of another version than this program.
  template <class Function>
  Function* function(const char* name) const {
    return reinterpret_cast<Function*>(symbol(name));
  }

 private:
  void* symbol(const char* name) const;
  void* handle_;
};

}  // namespace device
