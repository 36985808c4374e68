#pragma once

#include <cstddef>

namespace checkpoints {

/// Of all that the program asked memory for since `forget_requests`.
struct Requests {
  size_t largest = 0, sum = 0;  ///< bytes
};
Requests requests();
void forget_requests();

}  // namespace checkpoints
