#include "common/gpu_driver.h"

#include <dlfcn.h>

namespace common {

int num_gpus_by_driver() {
  // Never closed: the driver has threads and exit handlers of its own.
  void* const driver = dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL);
  if (driver == nullptr) return 0;
  // As cuda.h declares them; 0 is CUDA_SUCCESS.
  auto* const init = reinterpret_cast<int (*)(unsigned)>(dlsym(driver, "cuInit"));
  auto* const get_count = reinterpret_cast<int (*)(int*)>(dlsym(driver, "cuDeviceGetCount"));
  int count = 0;
  const bool known = init != nullptr && get_count != nullptr && init(0) == 0;
  return known && get_count(&count) == 0 ? count : 0;
}

}  // namespace common
