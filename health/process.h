#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace health {

std::string host_name();

/// A process of this host, as /proc/PID/stat describes it.
struct ProcessState {
  char letter = 0;  ///< R, S, D, T, Z, ...
  int parent = 0;
  int64_t start_time = -1;  ///< in clock ticks since boot
};

/// None if there is no such process.
std::optional<ProcessState> process_state(int64_t pid);

/// True while there is such a process and it is not a zombie.
bool is_alive(int64_t pid);

/// Before an error message: every worker but worker 0 waits for 3 seconds. An error that all
/// workers have, such as a misspelt key, is then printed once: worker 0 prints it, and mpirun ends
/// the others within 2 seconds.
void let_worker_0_speak_first(int rank);

}  // namespace health
