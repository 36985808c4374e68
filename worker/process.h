#pragma once

#include <cstdint>

namespace worker {

/// Makes LibTorch use `threads` threads or, for 0, as many as OMP_NUM_THREADS says, which whoever
/// bound this process to its cores has set, or else the cores that it may use divided by the
/// workers of this machine (at least 1). Returns the number.
int64_t use_threads(int64_t threads, int local_workers);

/// The most physical memory that this process has held.
int64_t peak_rss_bytes();

}  // namespace worker
