#pragma once

#include <string>

#include "device/gpu.h"

namespace device {

/// The GPU module, librestore_gpu.so: LibTorch's CUDA part, NCCL and our code that needs them.
/// Linked into a program they would cost 0.2 to 1.5 s and 350 MB at each start, and the program
/// would not start where CUDA's libraries are missing; so the module is opened at run time.
/// Once opened it stays until the process ends.
class GpuModule {
 public:
  /// Opens it, from the program's folder or lib/ beside that. To be done before anything asks
  /// LibTorch for CUDA: its first answer, that there is none, would stay.
  /// Throws Error(config) if it was not built or its libraries are missing.
  GpuModule();

  /// The device interface of the module.
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
