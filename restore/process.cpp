#include "restore/process.h"

#include <ATen/Parallel.h>

#include <string>

#include "common/allocator.h"
#include "common/cores.h"
#include "common/error.h"

namespace restore {

void prepare_process(int64_t threads) {
  if (threads < 0 || threads > 1024) {
    throw common::Error(common::ErrorKind::usage, "--threads " + std::to_string(threads) +
                                                      ": expected 1 to 1024, or 0 for "
                                                      "all cores");
  }
  common::keep_freed_memory();
  at::set_num_threads(threads == 0 ? common::usable_cores() : static_cast<int>(threads));
}

}  // namespace restore
