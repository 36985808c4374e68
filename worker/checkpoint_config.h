#pragma once

#include <cstdint>

#include "common/error.h"

namespace worker {

struct CheckpointConfig {
  int64_t every_steps = 0;
  int64_t keep_last = 2;

  template <class F>
  void fields(F&& field) {
    field("every_steps", every_steps, "also save after so many steps; 0: at validations only");
    field("keep_last", keep_last, "checkpoints kept besides the best");
  }

  /// Throws Error(config).
  void validate() const {
    if (every_steps < 0 || keep_last < 1) {
      throw common::Error(
          common::ErrorKind::config,
          "checkpoint.every_steps must be 0 or more, checkpoint.keep_last 1 or more");
    }
  }
};

}  // namespace worker
