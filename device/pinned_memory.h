#pragma once

#include <ATen/core/CachingHostAllocator.h>

#include <map>
#include <memory_resource>
#include <mutex>
#include <utility>

namespace device {

/// Host memory that a GPU reads directly. Freed memory is handed out again only after the copies
/// that read it are done, so it may be freed while they run.
/// Needs the GPU module. Threads may use it at the same time.
class PinnedMemory : public std::pmr::memory_resource {
 private:
  void* do_allocate(size_t num_bytes, size_t /*alignment*/) override {
    at::DataPtr block = allocator_->allocate(num_bytes);  // aligned to pages
    void* const address = block.get();
    const std::lock_guard lock(mutex_);
    blocks_.emplace(address, std::move(block));
    return address;
  }
  void do_deallocate(void* address, size_t, size_t) override {
    const std::lock_guard lock(mutex_);
    blocks_.erase(address);
  }
  bool do_is_equal(const std::pmr::memory_resource& other) const noexcept override {
    return this == &other;
  }

  at::HostAllocator* const allocator_ = at::getHostAllocator(at::kCUDA);
  std::mutex mutex_;  // guards blocks_
  std::map<void*, at::DataPtr> blocks_;
};

}  // namespace device
