#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace checkpoints {

/// The best validation so far.
struct BestValidation {
  int64_t step = 0;
  double psnr = 0;  ///< dB
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(BestValidation, step, psnr)

/// What the last validation measured; PSNR in dB.
struct ValidationMetrics {
  int64_t step = 0;
  double psnr = 0;       ///< of what the network makes of the aged patches
  double aged_psnr = 0;  ///< of the aged patches themselves
  double damage_f1 = 0;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ValidationMetrics, step, psnr, aged_psnr, damage_f1)

/// The programs that wrote a checkpoint.
struct Versions {
  std::string restore, torch;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Versions, restore, torch)

/// Where a run is. With the tensors it is all that a run needs to go on. Its fields are the keys of
/// a checkpoint's state.json (docs/checkpoint_format.md); beside them there is `format_version`.
struct RunState {
  int64_t step = 0;                          ///< steps done, skipped ones included
  int64_t samples = 0;                       ///< training samples used, by all workers
  int64_t samples_per_step = 0;              ///< by all workers
  int64_t updates = 0;                       ///< of the optimizer: steps that were not skipped
  int64_t skipped = 0;                       ///< steps whose gradients were not finite
  int64_t skipped_in_row = 0;                ///< the newest of them in a row
  double seconds = 0;                        ///< of training, over all starts of the run
  int64_t patience_left = 0;                 ///< validations without a gain until early stopping
  std::optional<double> gain_psnr;           ///< dB at the last gain; none before a validation
  std::optional<BestValidation> best;        ///< none before a validation
  std::optional<ValidationMetrics> metrics;  ///< none before a validation
  std::string config;                        ///< resolved, YAML
  std::string store_fingerprint;             ///< identity of the training data
  std::string recipe;                        ///< how the store was aged, YAML
  nlohmann::json network = nlohmann::json::object();  ///< as in a model file
  std::vector<std::string> frozen;                    ///< weights that optimizer.freeze keeps
  std::string bucket_plan;                            ///< GradientBuckets::plan_hash
  Versions versions;

  template <class F>
  void fields(F&& field) {
    field("step", step);
    field("samples", samples);
    field("samples_per_step", samples_per_step);
    field("updates", updates);
    field("skipped", skipped);
    field("skipped_in_row", skipped_in_row);
    field("seconds", seconds);
    field("patience_left", patience_left);
    field("gain_psnr", gain_psnr);
    field("best", best);
    field("metrics", metrics);
    field("config", config);
    field("store_fingerprint", store_fingerprint);
    field("recipe", recipe);
    field("network", network);
    field("frozen", frozen);
    field("bucket_plan", bucket_plan);
    field("versions", versions);
  }
};

nlohmann::json run_state_json(const RunState& state);

/// Throws Error(corrupt) for a missing or ill-typed key. Others are ignored.
RunState parse_run_state(const nlohmann::json& json);

}  // namespace checkpoints
