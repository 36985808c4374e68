#pragma once

#include <string>

namespace launcher {

/// What an exit code of a worker group means, in a sentence for a person.
std::string meaning_of_exit(int code);

/// False for what ends a job: it is done or has saved (0, 85), or starting it again would only meet
/// the same mistake (64, 65, 70, 78).
bool is_worth_a_restart(int code);

}  // namespace launcher
