#pragma once

#include <cstdint>
#include <limits>

namespace worker {

/// When to validate, on what, and when to give up hoping for better.
struct ValidationConfig {
  int64_t every_steps = 500;
  int64_t samples = 0;
  int64_t batch = 4;
  int64_t pictures = 4;
  int64_t patience = 0;
  double min_delta = 0.02;

  template <class F>
  void fields(F&& field) {
    field("every_steps", every_steps, "steps between two validations");
    field("samples", samples, "validate on the first so many held-out patches; 0: all of them");
    field("batch", batch, "patches at a time");
    field("pictures", pictures, "patches shown in TensorBoard: aged, restored, clean");
    field("patience", patience,
          "stop after so many validations that improve by less than min_delta; 0: never");
    field("min_delta", min_delta, "an improvement of the PSNR, in dB, that resets the patience");
  }

  /// Throws Error(config).
  void validate() const;
};

struct ValidationResult {
  /// dB, mean over patches of the restored luma's, or in colours for a network that only colours.
  double psnr = 0;
  double aged_psnr = 0;  ///< the same of the aged input: what doing nothing gives
  double damage_f1 = 0;  ///< over the pixels of all patches
};

/// The best validation so far and the hope that is left.
struct Standing {
  int64_t best_step = -1;  ///< -1: none yet
  double best_psnr = -std::numeric_limits<double>::infinity();
  /// What a validation is compared with: the PSNR at the last gain of at least `min_delta`.
  double gain_psnr = -std::numeric_limits<double>::infinity();
  int64_t patience_left = 0;
};

/// Takes a validation into account; true if it is the best so far.
bool observe(Standing& standing, const ValidationConfig& config, int64_t step, double psnr);

bool patience_ran_out(const Standing& standing, const ValidationConfig& config);

}  // namespace worker
