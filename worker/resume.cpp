#include "worker/resume.h"

#include <spdlog/spdlog.h>

#include "common/error.h"
#include "worker/initial_weights.h"

namespace worker {
namespace fs = std::filesystem;
namespace {

using common::Error;
using common::ErrorKind;

std::optional<checkpoints::Checkpoint> newest_checkpoint(const TrainConfig& config) {
  std::vector<std::string> passed_over;
  const checkpoints::CheckpointFolder folder(config.run.path() / "checkpoints",
                                             config.checkpoint.keep_last);
  auto found = folder.load_newest(passed_over);
  for (const std::string& what : passed_over) spdlog::warn("passed over: {}", what);
  if (!found && !passed_over.empty()) {
    throw Error(ErrorKind::usage, "no checkpoint of " + config.run.path().string() +
                                      " is whole; to begin anew choose another run.name or move "
                                      "the folder away");
  }
  return found;
}

std::optional<checkpoints::Checkpoint> find_checkpoint(const TrainConfig& config,
                                                       const std::string& mode) {
  if (mode == "auto") return newest_checkpoint(config);
  if (mode != "never") return checkpoints::load_checkpoint(mode);
  const fs::path folder = config.run.path();
  if (fs::exists(folder / "checkpoints") || fs::exists(folder / "metrics.jsonl")) {
    throw Error(ErrorKind::usage, folder.string() +
                                      " holds an earlier run; move it away, choose another "
                                      "run.name, or leave out --resume never to go on with it");
  }
  return {};
}

}  // namespace

TrainState begin_or_resume(comm::Group& group, const TrainConfig& config, const std::string& mode,
                           const RunFacts& facts, TrainerState& trainer) {
  TrainState state;
  state.standing.patience_left = config.validation.patience;
  if (group.rank() == 0) {
    if (const auto checkpoint = find_checkpoint(config, mode)) {
      state = unpack_checkpoint(*checkpoint, config.schedule, facts, trainer);
      spdlog::info("resumed at step {}", state.step);
    } else if (!config.run.init.empty()) {
      take_weights_of_model(config.run.init, trainer);
    }
  }
  share_state(group, config.schedule, state, trainer);
  return state;
}

}  // namespace worker
