#pragma once

#include <chrono>

namespace common {

/// Seconds of the steady clock: setting the machine's clock changes nothing.
inline double steady_now_s() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace common
