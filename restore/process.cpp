#include "restore/process.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "common/error.h"
#include "common/hardware.h"
#include "device/torch.h"

namespace restore {

void prepare_process(int64_t threads, int64_t jobs) {
  if (threads < 0 || threads > 1024) {
    throw common::Error(common::ErrorKind::usage, "--threads " + std::to_string(threads) +
                                                      ": expected 1 to 1024, or 0 for "
                                                      "all cores");
  }
  common::keep_freed_memory();
  const int64_t cores = threads == 0 ? common::usable_cores() : threads;
  at::set_num_threads(static_cast<int>(std::max<int64_t>(1, cores / jobs)));
}

int64_t parse_memory(const std::string& text) {
  double amount = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), amount);
  const std::string unit(end, text.data() + text.size());
  const int shift = unit == "M" ? 20 : unit == "G" ? 30 : -1;
  if (error != std::errc() || shift < 0 || !(amount > 0 && amount < 1e6)) {
    throw common::Error(common::ErrorKind::usage,
                        "--memory " + text +
                            ": expected a number of megabytes or gigabytes, such "
                            "as 900M or 2G");
  }
  return static_cast<int64_t>(amount * static_cast<double>(int64_t{1} << shift));
}

}  // namespace restore
