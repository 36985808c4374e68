#include "worker/run_records.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace worker {

// A share of the step's time; below it the workers read fast enough.
constexpr double kWorthSaying = 0.01;

RunRecords::RunRecords(const TrainConfig& config, const TrainState& state, double sample_flops)
    : schedule_(config.schedule),
      log_every_steps_(config.run.log_every_steps),
      metrics_(config.run.path() / "metrics.jsonl", state.step),
      events_(config.run.path() / "tensorboard", state.step),
      // With a limit in minutes nobody knows the number of steps: the detail says what time is
      // left.
      progress_("training", "steps", schedule_.max_minutes > 0 ? 0 : schedule_.steps),
      sample_flops_(sample_flops),
      last_row_s_(state.seconds),
      last_row_step_(state.step) {}

void RunRecords::step(const StepResult& result, const TrainState& state) {
  sum_of_losses_ += result.loss;
  times_.add(result.times);
  if (result.skipped) {
    progress_.pause();
    spdlog::warn("step {} skipped: its gradients are not finite", state.step);
  }
  if (state.step - last_row_step_ >= log_every_steps_) write_row(result, state);
  progress_.update(state.step, detail(result, state));
}

void RunRecords::write_row(const StepResult& result, const TrainState& state) {
  const auto steps = static_cast<double>(state.step - last_row_step_);
  const double loss = sum_of_losses_ / steps;
  const double samples = steps * static_cast<double>(schedule_.samples_per_step());
  samples_per_s_ = samples / std::max(1e-9, state.seconds - last_row_s_);
  const std::vector<std::pair<const char*, double>> numbers{
      {"loss", loss},
      {"learning_rate", result.learning_rate},
      {"samples_per_s", samples_per_s_},
      {"grad_norm", result.grad_norm},
      {"step_s", times_.step_s / steps},
      {"data_wait_s", times_.data_s / steps},
      {"communication_s", times_.reduce_s / steps},
      {"conv_gflops", 1e-9 * sample_flops_ * samples / times_.step_s}};
  nlohmann::ordered_json row{{"step", state.step}, {"kind", "train"}};
  for (const auto& [key, value] : numbers) {
    row[key] = value;
    events_.scalar(std::string("train/") + key, state.step, value);
  }
  row["seconds"] = state.seconds;
  row["skipped"] = state.skipped;
  metrics_.write(row);
  data_wait_share_ = times_.data_s / times_.step_s;
  sum_of_losses_ = 0;
  times_ = {};
  last_row_s_ = state.seconds;
  last_row_step_ = state.step;
}

std::string RunRecords::detail(const StepResult& result, const TrainState& state) const {
  std::string text = fmt::format("loss {:.4f}", result.loss);
  if (state.validated_step >= 0) text += fmt::format("  val {:.2f} dB", state.last_validation.psnr);
  if (samples_per_s_ > 0) text += fmt::format("  {:.0f} samples/s", samples_per_s_);
  if (data_wait_share_ > kWorthSaying) {
    text += fmt::format("  waits for data {:.0f}%", 100 * data_wait_share_);
  }
  if (schedule_.max_minutes > 0) {
    text += "  " +
            common::duration_text(std::max(0.0, 60 * schedule_.max_minutes - state.seconds)) +
            " left at most";
  }
  return text;
}

void RunRecords::validation(const TrainState& state, bool is_best,
                            const std::vector<EncodedPicture>& pictures) {
  const ValidationResult& result = state.last_validation;
  progress_.pause();
  spdlog::info("step {}: validation PSNR {:.2f} dB (aged {:.2f}), damage F1 {:.3f}{}", state.step,
               result.psnr, result.aged_psnr, result.damage_f1, is_best ? ", the best so far" : "");
  metrics_.write({{"step", state.step},
                  {"kind", "validation"},
                  {"psnr", result.psnr},
                  {"aged_psnr", result.aged_psnr},
                  {"damage_f1", result.damage_f1},
                  {"seconds", state.seconds}});
  events_.scalar("validation/psnr", state.step, result.psnr);
  events_.scalar("validation/aged_psnr", state.step, result.aged_psnr);
  events_.scalar("validation/damage_f1", state.step, result.damage_f1);
  for (size_t i = 0; i < pictures.size(); ++i) {
    events_.picture(fmt::format("samples/{}", i), state.step, pictures[i]);
  }
}

void RunRecords::finish(const TrainState& state, StopReason reason) {
  std::string text = fmt::format("ended at step {} ({})", state.step, to_string(reason));
  if (state.validated_step >= 0) {
    text += fmt::format(", best validation PSNR {:.2f} dB of step {}", state.standing.best_psnr,
                        state.standing.best_step);
  }
  progress_.finish(text);
}

}  // namespace worker
