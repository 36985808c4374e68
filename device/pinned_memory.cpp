#include "device/pinned_memory.h"

#include <utility>

namespace device {

PinnedMemory::PinnedMemory() : allocator_(at::getHostAllocator(at::kCUDA)) {}

void* PinnedMemory::do_allocate(size_t num_bytes, size_t) {
  at::DataPtr block = allocator_->allocate(num_bytes);  // aligned to pages
  void* const address = block.get();
  const std::lock_guard lock(mutex_);
  blocks_.emplace(address, std::move(block));
  return address;
}

void PinnedMemory::do_deallocate(void* address, size_t, size_t) {
  const std::lock_guard lock(mutex_);
  blocks_.erase(address);
}

}  // namespace device
