#include "health/process.h"

#include <unistd.h>

#include <array>
#include <chrono>
#include <fstream>
#include <sstream>
#include <thread>

namespace health {

std::string host_name() {
  std::array<char, 256> name{};
  gethostname(name.data(), name.size() - 1);
  return name.data();
}

std::optional<ProcessState> process_state(int64_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::stringstream text;
  text << file.rdbuf();
  const std::string stat = text.str();
  const size_t name_end = stat.rfind(')');  // the name may hold spaces and brackets
  if (name_end == std::string::npos) return {};
  ProcessState state;
  std::istringstream fields(stat.substr(name_end + 1));
  fields >> state.letter >> state.parent;  // fields 3 and 4
  std::string skipped;
  for (int i = 5; i < 22; ++i) fields >> skipped;
  fields >> state.start_time;
  return state;
}

bool is_alive(int64_t pid) {
  const auto state = process_state(pid);
  return state && state->letter != 'Z' && state->letter != 'X';
}

void let_worker_0_speak_first(int rank) {
  if (rank > 0) std::this_thread::sleep_for(std::chrono::seconds(3));
}

}  // namespace health
