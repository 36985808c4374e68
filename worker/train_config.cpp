#include "worker/train_config.h"

#include "common/error.h"

namespace worker {

void RunConfig::validate() const {
  if (name.empty() || name.find('/') != std::string::npos || name.front() == '.') {
    throw common::config_error("run.name must be a plain name without '/', got '" + name + "'");
  }
  if (device != "auto" && device != "cpu" && device != "cuda") {
    throw common::config_error("run.device must be auto, cpu or cuda, got '" + device + "'");
  }
  if (precision != "auto" && precision != "fp32" && precision != "tf32" && precision != "bf16") {
    throw common::config_error("run.precision must be auto, fp32, tf32 or bf16, got '" + precision +
                               "'");
  }
  if (seed < 0) throw common::config_error("run.seed must not be negative");
  if (threads < 0 || threads > 1024) {
    throw common::config_error("run.threads must be 0 (cores / workers) or 1 to 1024");
  }
  if (log_every_steps < 1) throw common::config_error("run.log_every_steps must be at least 1");
}

void CheckpointConfig::validate() const {
  if (every_steps >= 0 && keep_last >= 1) return;
  throw common::config_error(
      "checkpoint.every_steps must be 0 or more, checkpoint.keep_last 1 or more");
}

}  // namespace worker
