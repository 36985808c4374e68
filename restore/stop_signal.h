#pragma once

#include <atomic>

namespace restore {

/// True once the process got SIGINT (Ctrl-C) or SIGTERM: what is going on ends in good order. A
/// second one ends the process at once.
const std::atomic<bool>& watch_stop_signals();

}  // namespace restore
