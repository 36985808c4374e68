#include "worker/records/summary.h"

#include <nlohmann/json.hpp>

#include "common/files.h"

namespace worker {

void write_summary(const std::filesystem::path& run_folder, const checkpoints::RunState& state,
                   const Summary& summary) {
  using Json = nlohmann::ordered_json;
  const auto& best = state.best;
  const auto& last = state.metrics;
  const Json json{
      {"steps", state.step},
      {"samples", state.samples},
      {"seconds", state.seconds},
      {"best_psnr", best ? Json(best->psnr) : Json()},
      {"best_step", best ? best->step : -1},
      {"last_psnr", last ? Json(last->psnr) : Json()},
      {"aged_psnr", last ? Json(last->aged_psnr) : Json()},
      {"damage_f1", last ? Json(last->damage_f1) : Json()},
      {"stop_reason", summary.stop_reason},
      {"skipped_steps", state.skipped},
      {"step_s", summary.step_s},
      {"data_wait_share", summary.data_wait_share},
      {"communication_share", summary.communication_share},
      {"conv_gflops", summary.conv_gflops},
      {"weights_xxh3", summary.weights_xxh3},
      {"num_weights", summary.num_weights},
      {"num_workers", summary.num_workers},
      {"peak_rss_bytes", summary.peak_rss_bytes},
      {"versions", {{"restore", state.versions.restore}, {"torch", state.versions.torch}}},
      {"host", summary.host}};
  common::write_file_atomically(run_folder / "summary.json", json.dump(2) + "\n");
}

}  // namespace worker
