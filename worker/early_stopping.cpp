#include "worker/early_stopping.h"

#include "common/error.h"

namespace worker {

void ValidationConfig::validate() const {
  const auto require = [](bool holds, const char* message) {
    if (!holds) throw common::Error(common::ErrorKind::config, message);
  };
  require(every_steps >= 1, "validation.every_steps must be at least 1");
  require(samples >= 0, "validation.samples must be 0 (all) or more");
  require(batch >= 1, "validation.batch must be at least 1");
  require(pictures >= 0 && pictures <= 64, "validation.pictures must be 0 to 64");
  require(patience >= 0, "validation.patience must be 0 (never stop) or more");
  require(min_delta >= 0, "validation.min_delta must not be negative");
}

bool observe(Standing& standing, const ValidationConfig& config, int64_t step, double psnr) {
  const bool first = standing.best_step < 0;
  if (first || psnr >= standing.gain_psnr + config.min_delta) {
    standing.gain_psnr = psnr;
    standing.patience_left = config.patience;
  } else {
    --standing.patience_left;
  }
  if (!first && !(psnr > standing.best_psnr)) return false;
  standing.best_step = step;
  standing.best_psnr = psnr;
  return true;
}

bool patience_ran_out(const Standing& standing, const ValidationConfig& config) {
  return config.patience > 0 && standing.best_step >= 0 && standing.patience_left <= 0;
}

}  // namespace worker
