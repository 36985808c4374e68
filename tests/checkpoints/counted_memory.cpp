// Takes the place of operator new, for all of the program, and of posix_memalign, which LibTorch
// takes tensors' memory from.
#include "tests/checkpoints/counted_memory.h"

#include <malloc.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <new>

namespace checkpoints {
namespace {

std::atomic<size_t> largest = 0, sum = 0;

void count(size_t num_bytes) {
  largest = std::max(largest.load(), num_bytes);
  sum += num_bytes;
}

}  // namespace

Requests requests() { return {largest, sum}; }

void forget_requests() { largest = sum = 0; }

}  // namespace checkpoints

void* operator new(size_t num_bytes) {
  checkpoints::count(num_bytes);
  if (void* memory = std::malloc(num_bytes)) return memory;
  throw std::bad_alloc();
}

void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }

extern "C" int posix_memalign(void** memory, size_t alignment, size_t num_bytes) noexcept {
  checkpoints::count(num_bytes);
  *memory = ::memalign(alignment, num_bytes);
  return *memory != nullptr ? 0 : ENOMEM;
}
