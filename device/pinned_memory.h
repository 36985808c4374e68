#pragma once

#include <ATen/core/CachingHostAllocator.h>

#include <map>
#include <memory_resource>
#include <mutex>

namespace device {

/// Host memory that a GPU reads directly. Freed memory is kept for later and handed out again only
/// after the copies that read it are done, so it may be freed while they go on.
/// Needs the GPU module. Threads may use it at the same time.
class PinnedMemory : public std::pmr::memory_resource {
 public:
  PinnedMemory();

 private:
  void* do_allocate(size_t num_bytes, size_t alignment) override;
  void do_deallocate(void* address, size_t num_bytes, size_t alignment) override;
  bool do_is_equal(const std::pmr::memory_resource& other) const noexcept override {
    return this == &other;
  }

  at::HostAllocator* const allocator_;
  std::mutex mutex_;  // guards blocks_
  std::map<void*, at::DataPtr> blocks_;
};

}  // namespace device
