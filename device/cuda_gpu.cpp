// Part of the GPU module: the one Gpu.
#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>
#include <cuda_runtime_api.h>

#include <string>

#include "common/error.h"
#include "device/gpu.h"

namespace device {
namespace {

class RegisteredPages : public PinnedPages {
 public:
  RegisteredPages(void* address, size_t num_bytes) : address_(address) {
    const cudaError_t code = cudaHostRegister(address, num_bytes, cudaHostRegisterDefault);
    if (code == cudaSuccess) return;
    throw common::Error(common::ErrorKind::io,
                        "cannot lock " + std::to_string(num_bytes) +
                            " bytes of host memory for the GPU: " + cudaGetErrorString(code) +
                            "; raise the limit of locked memory (ulimit -l)");
  }
  ~RegisteredPages() override { cudaHostUnregister(address_); }

 private:
  void* address_;
};

class RecordedGraph : public RecordedWork {
 public:
  explicit RecordedGraph(const std::function<void()>& work) {
    // LibTorch refuses to capture on the default stream, which other work may use unasked.
    const c10::cuda::CUDAStream stream = c10::cuda::getStreamFromPool();
    c10::cuda::CUDAStreamGuard guard(stream);
    cudaDeviceSynchronize();
    // Thread-local: the thread that reads ahead allocates pinned memory meanwhile.
    graph_.capture_begin({0, 0}, cudaStreamCaptureModeThreadLocal);
    work();
    graph_.capture_end();
  }
  void replay() override { graph_.replay(); }

 private:
  at::cuda::CUDAGraph graph_;
};

class CudaGpu : public Gpu {
 public:
  std::unique_ptr<PinnedPages> pin(void* address, size_t num_bytes) override {
    return std::make_unique<RegisteredPages>(address, num_bytes);
  }
  std::unique_ptr<RecordedWork> record(const std::function<void()>& work) override {
    return std::make_unique<RecordedGraph>(work);
  }
  bool multiplies_bf16() const override {
    int major = 0;
    C10_CUDA_CHECK(cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor,
                                          c10::cuda::current_device()));
    return major >= 8;
  }

  size_t peak_memory_bytes() const override {
    using c10::CachingAllocator::StatType;
    const auto stats = c10::cuda::CUDACachingAllocator::getDeviceStats(c10::cuda::current_device());
    const auto all = static_cast<size_t>(StatType::AGGREGATE);
    return static_cast<size_t>(stats.reserved_bytes[all].peak);
  }
};

}  // namespace
}  // namespace device

extern "C" device::Gpu* restore_gpu() {
  static device::CudaGpu gpu;  // without state
  return &gpu;
}
