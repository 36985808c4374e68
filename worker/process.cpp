#include "worker/process.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "common/hardware.h"
#include "device/torch.h"

namespace worker {

int64_t use_threads(int64_t threads, int local_workers) {
  if (threads == 0 && std::getenv("OMP_NUM_THREADS") != nullptr) return at::get_num_threads();
  if (threads == 0) threads = std::max(1, common::usable_cores() / std::max(1, local_workers));
  at::set_num_threads(static_cast<int>(threads));
  return threads;
}

void let_worker_0_speak_first(int rank) {
  if (rank > 0) std::this_thread::sleep_for(std::chrono::seconds(3));
}

int64_t peak_rss_bytes() {
  // Not getrusage: its figure may be that of the program that started this one.
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::stoll(line.substr(6)) * 1024;
  }
  return 0;
}

std::string host_name() {
  std::array<char, 256> name{};
  gethostname(name.data(), name.size() - 1);
  return name.data();
}

}  // namespace worker
