#pragma once

#include <string>

#include "launcher/launch_plan.h"

namespace launcher {

/// Runs the plan's command, waits for its end and returns its exit code (128 + n if signal n ended
/// it). Meanwhile SIGUSR1, SIGTERM and SIGINT ask the workers to save and exit with 85: all three
/// reach the command as SIGUSR1, because mpirun kills its ranks within two seconds of a SIGTERM. A
/// second SIGTERM or SIGINT ends it at once. The command dies with this process, however this
/// process ends. Takes over the signals of the process; call it from the main thread, before other
/// threads start. Throws Error(io) if the command cannot be started.
int run_gang(const LaunchPlan& plan);

/// What an exit code of a job means, in a sentence for a person.
std::string meaning_of_exit(int code);

}  // namespace launcher
