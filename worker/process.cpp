#include "worker/process.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "common/hardware.h"
#include "device/torch.h"

namespace worker {

int64_t use_threads(int64_t threads, int local_workers) {
  if (threads == 0 && std::getenv("OMP_NUM_THREADS") != nullptr) return at::get_num_threads();
  if (threads == 0) threads = std::max(1, common::usable_cores() / std::max(1, local_workers));
  at::set_num_threads(static_cast<int>(threads));
  return threads;
}

int64_t peak_rss_bytes() {
  // Not getrusage: its figure may be that of the program that started this one.
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::stoll(line.substr(6)) * 1024;
  }
  return 0;
}

}  // namespace worker
