#include "worker/records/run_records.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <sstream>

namespace worker {
namespace {

/// Whole lines only.
std::string rows_up_to(const std::string& text, int64_t last_step) {
  std::istringstream lines(text);
  std::string kept;
  for (std::string line; std::getline(lines, line);) {
    const auto row = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (row.is_object() && row.value("step", int64_t{0}) <= last_step) kept += line + "\n";
  }
  return kept;
}

}  // namespace

MetricsLog::MetricsLog(std::filesystem::path path, int64_t last_step) : path_(std::move(path)) {
  if (std::filesystem::exists(path_)) {
    common::write_file_atomically(path_, rows_up_to(common::read_file(path_), last_step));
  }
  file_ = common::open_file(path_, O_WRONLY | O_CREAT | O_APPEND);
}

void MetricsLog::write(const nlohmann::ordered_json& row) {
  const std::string line = row.dump() + "\n";
  common::write_all(file_, line.data(), line.size(), path_);
}

RunRecords::RunRecords(RecordsConfig config, const checkpoints::RunState& state)
    : config_(std::move(config)),
      metrics_(config_.run_folder / "metrics.jsonl", state.step),
      events_(config_.run_folder / "tensorboard", state.step, config_.host),
      // With a limit of time the number of steps is unknown: the detail shows the time left.
      progress_("training", "steps", config_.max_minutes > 0 ? 0 : config_.max_steps),
      last_row_s_(state.seconds),
      last_row_step_(state.step) {}

void RunRecords::step(const checkpoints::RunState& state, const StepFigures& figures,
                      const StepTimes& times) {
  sum_of_losses_ += figures.loss;
  times_.add(times);
  if (figures.skipped) {
    progress_.pause();
    spdlog::warn("step {} skipped: its gradients are not finite", state.step);
  }
  if (state.step - last_row_step_ >= config_.log_every_steps) write_row(state, figures);
  progress_.update(state.step, detail(state, figures.loss));
}

void RunRecords::write_row(const checkpoints::RunState& state, const StepFigures& figures) {
  const auto steps = static_cast<double>(state.step - last_row_step_);
  const double samples = steps * static_cast<double>(state.samples_per_step);
  samples_per_s_ = samples / std::max(1e-9, state.seconds - last_row_s_);
  const std::vector<std::pair<const char*, double>> numbers{
      {"loss", sum_of_losses_ / steps},
      {"learning_rate", figures.learning_rate},
      {"samples_per_s", samples_per_s_},
      {"grad_norm", figures.grad_norm},
      {"step_s", times_.step_s / steps},
      {"data_wait_s", times_.data_s / steps},
      {"communication_s", times_.reduce_s / steps},
      {"conv_gflops", 1e-9 * config_.flops_per_sample * samples / times_.step_s}};
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

std::string RunRecords::detail(const checkpoints::RunState& state, double loss) const {
  constexpr double kNoticeableWait = 0.01;  // below this share the workers read fast enough
  std::string text = fmt::format("loss {:.4f}", loss);
  if (state.metrics) text += fmt::format("  val {:.2f} dB", state.metrics->psnr);
  if (samples_per_s_ > 0) text += fmt::format("  {:.0f} samples/s", samples_per_s_);
  if (data_wait_share_ > kNoticeableWait) {
    text += fmt::format("  waits for data {:.0f}%", 100 * data_wait_share_);
  }
  if (config_.max_minutes > 0) {
    const double left_s = std::max(0.0, 60 * config_.max_minutes - state.seconds);
    text += "  " + common::duration_text(left_s) + " left at most";
  }
  return text;
}

void RunRecords::validation(const checkpoints::RunState& state, bool is_best,
                            const std::vector<EncodedPicture>& pictures) {
  const checkpoints::ValidationMetrics& result = *state.metrics;
  progress_.pause();
  spdlog::info("step {}: validation PSNR {:.2f} dB (aged {:.2f}), damage F1 {:.3f}{}", state.step,
               result.psnr, result.aged_psnr, result.damage_f1, is_best ? ", the best so far" : "");
  const std::vector<std::pair<const char*, double>> numbers{
      {"psnr", result.psnr}, {"aged_psnr", result.aged_psnr}, {"damage_f1", result.damage_f1}};
  nlohmann::ordered_json row{{"step", state.step}, {"kind", "validation"}};
  for (const auto& [key, value] : numbers) {
    row[key] = value;
    events_.scalar(std::string("validation/") + key, state.step, value);
  }
  row["seconds"] = state.seconds;
  metrics_.write(row);
  for (size_t i = 0; i < pictures.size(); ++i) {
    events_.picture(fmt::format("samples/{}", i), state.step, pictures[i]);
  }
}

void RunRecords::finish(const checkpoints::RunState& state, const std::string& stop_reason) {
  std::string text = fmt::format("ended at step {} ({})", state.step, stop_reason);
  if (state.best) {
    text += fmt::format(", best validation PSNR {:.2f} dB of step {}", state.best->psnr,
                        state.best->step);
  }
  progress_.finish(text);
}

}  // namespace worker
