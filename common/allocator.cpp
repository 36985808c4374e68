#include "common/allocator.h"

#include <malloc.h>

namespace common {

void keep_freed_memory() {
  constexpr int kTopPad_bytes = 64 << 20;
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, -1);
  mallopt(M_TOP_PAD, kTopPad_bytes);
}

}  // namespace common
