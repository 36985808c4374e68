#include "worker/early_stopping.h"

#include "common/error.h"

namespace worker {

void ValidationConfig::validate() const {
  const auto require = [](bool holds, const char* message) {
    if (!holds) throw common::config_error(message);
  };
  require(every_steps >= 1, "validation.every_steps must be at least 1");
  require(samples >= 0, "validation.samples must be 0 (all) or more");
  require(batch >= 1, "validation.batch must be at least 1");
  require(pictures >= 0 && pictures <= 64, "validation.pictures must be 0 to 64");
  require(patience >= 0, "validation.patience must be 0 (never stop) or more");
  require(min_delta >= 0, "validation.min_delta must not be negative");
}

bool observe(checkpoints::RunState& state, const ValidationConfig& config,
             const checkpoints::ValidationMetrics& metrics) {
  state.metrics = metrics;
  if (!state.gain_psnr || metrics.psnr >= *state.gain_psnr + config.min_delta) {
    state.gain_psnr = metrics.psnr;
    state.patience_left = config.patience;
  } else {
    --state.patience_left;
  }
  if (state.best && !(metrics.psnr > state.best->psnr)) return false;
  state.best = {metrics.step, metrics.psnr};
  return true;
}

bool patience_ran_out(const checkpoints::RunState& state, const ValidationConfig& config) {
  return config.patience > 0 && state.metrics && state.patience_left <= 0;
}

}  // namespace worker
