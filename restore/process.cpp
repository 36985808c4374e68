#include "restore/process.h"

#include <ATen/Parallel.h>
#include <malloc.h>
#include <sched.h>

#include <string>

#include "common/error.h"

namespace restore {
namespace {

int num_cores() {
  cpu_set_t allowed;
  return sched_getaffinity(0, sizeof allowed, &allowed) == 0 ? CPU_COUNT(&allowed) : 1;
}

}  // namespace

void prepare_process(int64_t threads) {
  if (threads < 0 || threads > 1024) {
    throw common::Error(common::ErrorKind::usage, "--threads " + std::to_string(threads) +
                                                      ": expected 1 to 1024, or 0 for "
                                                      "all cores");
  }
  constexpr int kTopPad_bytes = 64 << 20;
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, -1);
  mallopt(M_TOP_PAD, kTopPad_bytes);
  const int count = threads == 0 ? num_cores() : static_cast<int>(threads);
  at::set_num_threads(count);
}

}  // namespace restore
