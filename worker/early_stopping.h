#pragma once

#include <cstdint>

#include "checkpoints/run_state.h"

namespace worker {

/// When to validate, on what, and after how many failures to improve to stop: section `validation`
/// of a training configuration.
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

/// Enters a validation into the run's state: its metrics, the best so far and the patience left.
/// Returns true if it is the best so far. It restores the patience if its PSNR is at least
/// `min_delta` above that of the last validation that did so (`gain_psnr` of the state), and costs
/// one otherwise: small improvements that add up to `min_delta` count.
bool observe(checkpoints::RunState& state, const ValidationConfig& config,
             const checkpoints::ValidationMetrics& metrics);

bool patience_ran_out(const checkpoints::RunState& state, const ValidationConfig& config);

}  // namespace worker
