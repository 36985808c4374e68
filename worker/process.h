#pragma once

#include <cstdint>
#include <string>

namespace worker {

/// Makes LibTorch use `threads` threads or, for 0, as many as OMP_NUM_THREADS says, which whoever
/// bound this process to its cores has set, or else the cores that it may use divided by the
/// workers of this machine (at least 1). Returns the number.
int64_t use_threads(int64_t threads, int local_workers);

/// Before an error is told: every worker but the first waits for 3 seconds. What all of them meet,
/// such as a key that is misspelt, worker 0 tells, and the others are ended (mpirun takes up to 2
/// seconds for that) before they repeat it.
void let_worker_0_speak_first(int rank);

/// The most physical memory that this process has held.
int64_t peak_rss_bytes();

std::string host_name();

}  // namespace worker
