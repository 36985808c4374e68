#include "worker/train_state.h"

#include "common/error.h"

namespace worker {

const char* to_string(StopReason reason) {
  switch (reason) {
    case StopReason::steps: return "steps";
    case StopReason::minutes: return "minutes";
    case StopReason::patience: return "patience";
    case StopReason::signal: return "signal";
  }
  return "unknown";
}

std::optional<StopReason> end_of_run(const TrainState& state, const ScheduleConfig& schedule,
                                     const ValidationConfig& validation) {
  if (state.step >= schedule.steps) return StopReason::steps;
  if (schedule.minutes > 0 && state.seconds >= 60 * schedule.minutes) return StopReason::minutes;
  if (patience_ran_out(state.standing, validation)) return StopReason::patience;
  return {};
}

nlohmann::json state_json(const TrainState& state, const ScheduleConfig& schedule) {
  nlohmann::json json{{"step", state.step},
                      {"samples", state.step * schedule.samples_per_step()},
                      {"samples_per_step", schedule.samples_per_step()},
                      {"seconds", state.seconds},
                      {"skipped", state.skipped},
                      {"skipped_in_row", state.skipped_in_row},
                      {"patience_left", state.standing.patience_left}};
  if (state.validated_step < 0) return json;
  const ValidationResult& last = state.last_validation;
  json["best"] = {{"step", state.standing.best_step}, {"psnr", state.standing.best_psnr}};
  json["gain_psnr"] = state.standing.gain_psnr;
  json["metrics"] = {{"step", state.validated_step},
                     {"psnr", last.psnr},
                     {"aged_psnr", last.aged_psnr},
                     {"damage_f1", last.damage_f1}};
  return json;
}

TrainState parse_state_json(const nlohmann::json& json) {
  try {
    TrainState state;
    json.at("step").get_to(state.step);
    json.at("seconds").get_to(state.seconds);
    json.at("skipped").get_to(state.skipped);
    json.at("skipped_in_row").get_to(state.skipped_in_row);
    json.at("patience_left").get_to(state.standing.patience_left);
    if (!json.contains("metrics")) return state;
    const nlohmann::json &best = json.at("best"), &metrics = json.at("metrics");
    best.at("step").get_to(state.standing.best_step);
    best.at("psnr").get_to(state.standing.best_psnr);
    json.at("gain_psnr").get_to(state.standing.gain_psnr);
    metrics.at("step").get_to(state.validated_step);
    metrics.at("psnr").get_to(state.last_validation.psnr);
    metrics.at("aged_psnr").get_to(state.last_validation.aged_psnr);
    metrics.at("damage_f1").get_to(state.last_validation.damage_f1);
    return state;
  } catch (const nlohmann::json::exception& error) {
    throw common::Error(
        common::ErrorKind::corrupt,
        std::string("a checkpoint's state.json is not one of restore-worker: ") + error.what());
  }
}

}  // namespace worker
