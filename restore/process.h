#pragma once

#include <cstdint>

namespace restore {

/// Keeps memory that was freed instead of giving it back after each layer, and makes LibTorch
/// use `threads` threads (0: as many as this process has cores). Call it first.
/// Throws Error(usage) for a negative number.
void prepare_process(int64_t threads);

}  // namespace restore
