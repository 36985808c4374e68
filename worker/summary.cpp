#include "worker/summary.h"

#include <cmath>

#include "common/command_line.h"
#include "common/files.h"
#include "common/hash.h"
#include "device/torch.h"
#include "health/process.h"
#include "worker/process.h"

namespace worker {
namespace {

/// `part` of `whole`, on the worker where the share is largest.
double worst_share(comm::Group& group, double part, double whole) {
  constexpr double kParts = 1e9;  // Group::max compares whole numbers
  const double share = whole > 0 ? part / whole : 0;
  return static_cast<double>(group.max(std::llround(kParts * share))) / kParts;
}

double conv_gflops(const Effort& effort, const ScheduleConfig& schedule) {
  if (effort.times.steps == 0) return 0;
  const auto samples = static_cast<double>(effort.times.steps * schedule.samples_per_step());
  return 1e-9 * effort.sample_flops * samples / effort.times.step_s;
}

}  // namespace

void write_summary(comm::Group& group, const TrainConfig& config, const TrainState& state,
                   const TrainerState& trainer, const Effort& effort, StopReason reason) {
  const uint64_t hash = weights_xxh3(trainer.weights);
  group.require_equal(hash, "the final weights",
                      "the workers have drifted apart: start again from a checkpoint",
                      common::ErrorKind::comm);
  const int64_t peak_rss = group.max(peak_rss_bytes());
  const TimeTotals& times = effort.times;
  const double data_wait_share = worst_share(group, times.data_s, times.step_s);
  const double communication_share = worst_share(group, times.reduce_s, times.step_s);
  if (group.rank() != 0) return;
  const auto number_or_null = [&](double value) {
    return state.validated_step < 0 ? nlohmann::ordered_json() : nlohmann::ordered_json(value);
  };
  const nlohmann::ordered_json summary{
      {"steps", state.step},
      {"samples", state.step * config.schedule.samples_per_step()},
      {"seconds", state.seconds},
      {"best_psnr", number_or_null(state.standing.best_psnr)},
      {"best_step", state.standing.best_step},
      {"last_psnr", number_or_null(state.last_validation.psnr)},
      {"aged_psnr", number_or_null(state.last_validation.aged_psnr)},
      {"damage_f1", number_or_null(state.last_validation.damage_f1)},
      {"stop_reason", to_string(reason)},
      {"skipped_steps", state.skipped},
      {"step_s", times.steps > 0 ? times.step_s / static_cast<double>(times.steps) : 0},
      {"data_wait_share", data_wait_share},
      {"communication_share", communication_share},
      {"conv_gflops", conv_gflops(effort, config.schedule)},
      {"weights_xxh3", common::hex64(hash)},
      {"num_weights", trainer.num_weights()},
      {"num_workers", group.size()},
      {"peak_rss_bytes", peak_rss},
      {"versions", {{"restore", common::kVersion}, {"torch", TORCH_VERSION}}},
      {"host", health::host_name()}};
  common::write_file_atomically(config.run.path() / "summary.json", summary.dump(2) + "\n");
}

}  // namespace worker
