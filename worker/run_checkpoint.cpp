#include "worker/run_checkpoint.h"

#include <spdlog/spdlog.h>

#include <map>
#include <optional>

#include "checkpoints/checkpoint_folder.h"
#include "common/command_line.h"
#include "common/config.h"
#include "common/error.h"
#include "common/hash.h"
#include "device/torch.h"
#include "worker/weights.h"

namespace worker {
namespace {

/// The trainer's tensors under their names in a checkpoint. They are views: filling them changes
/// the trainer.
std::vector<device::NamedTensor> tensors_of(const TrainerState& trainer) {
  std::vector<device::NamedTensor> tensors;
  const auto add = [&](const char* prefix, const std::vector<device::NamedTensor>& list) {
    for (const auto& [name, tensor] : list) tensors.push_back({prefix + name, tensor.detach()});
  };
  add("model.", trainer.weights);
  add("ema.", trainer.ema_weights);
  add("adam_m.", trainer.optimizer.first_moments());
  add("adam_v.", trainer.optimizer.second_moments());
  return tensors;
}

void require_same(const nlohmann::json& found, const nlohmann::json& expected, const char* what) {
  if (found == expected) return;
  throw common::config_error(std::string("the checkpoint is of another ") + what +
                             " than this configuration: expected " + expected.dump() + ", got " +
                             found.dump() + "; choose another run.name, or set it back");
}

std::optional<checkpoints::Checkpoint> newest_checkpoint(const TrainConfig& config) {
  std::vector<std::string> passed_over;
  const checkpoints::CheckpointFolder folder(config.run.path() / "checkpoints",
                                             config.checkpoint.keep_last);
  auto found = folder.load_newest(passed_over);
  for (const std::string& what : passed_over) spdlog::warn("passed over: {}", what);
  if (!found && !passed_over.empty()) {
    throw common::usage_error("no checkpoint of " + config.run.path().string() +
                              " is whole; to begin anew choose another run.name or move "
                              "the folder away");
  }
  return found;
}

std::optional<checkpoints::Checkpoint> find_checkpoint(const TrainConfig& config,
                                                       const std::string& mode) {
  if (mode == "auto") return newest_checkpoint(config);
  if (mode != "never") return checkpoints::load_checkpoint(mode);
  const std::filesystem::path folder = config.run.path();
  if (std::filesystem::exists(folder / "checkpoints") ||
      std::filesystem::exists(folder / "metrics.jsonl")) {
    throw common::usage_error(folder.string() +
                              " holds an earlier run; move it away, choose another "
                              "run.name, or leave out --resume never to go on with it");
  }
  return {};
}

/// Gives every worker rank 0's state and tensors.
void share(comm::Group& group, checkpoints::RunState& state, TrainerState& trainer) {
  const std::string json = group.broadcast_from_rank_0(checkpoints::run_state_json(state).dump());
  state = checkpoints::parse_run_state(nlohmann::json::parse(json));
  trainer.optimizer.set_num_updates(state.updates);
  const at::NoGradGuard no_grad;
  for (auto& [name, tensor] : tensors_of(trainer)) group.broadcast(tensor, 0);
}

}  // namespace

checkpoints::RunState fresh_state(const TrainConfig& config, const dataset::Store& store,
                                  const TrainerState& trainer) {
  checkpoints::RunState state;
  state.samples_per_step = config.schedule.samples_per_step();
  state.patience_left = config.validation.patience;
  state.config = common::config_yaml(config);
  state.store_fingerprint = store.fingerprint();
  state.recipe = store.recipe_yaml();
  state.network = model::network_json(config.network);
  for (const auto& [name, tensor] : trainer.weights) {
    if (!tensor.requires_grad()) state.frozen.push_back(name);
  }
  state.bucket_plan = common::hex64(trainer.gradients.plan_hash());
  state.versions = {common::kVersion, TORCH_VERSION};
  return state;
}

checkpoints::Checkpoint make_checkpoint(const checkpoints::RunState& state,
                                        const TrainerState& trainer) {
  return {state, tensors_of(trainer)};
}

checkpoints::RunState take_checkpoint(const checkpoints::Checkpoint& checkpoint,
                                      const checkpoints::RunState& fresh, TrainerState& trainer) {
  checkpoints::RunState state = checkpoint.state;
  require_same(state.network, fresh.network, "network");
  require_same(state.store_fingerprint, fresh.store_fingerprint, "store");
  require_same(state.samples_per_step, fresh.samples_per_step, "number of samples a step");
  // Frozen weights have no moments: the checkpoint would lack those of weights that are now
  // trained.
  require_same(state.frozen, fresh.frozen, "set of frozen weights (optimizer.freeze)");
  std::map<std::string, at::Tensor> saved;
  for (const auto& [name, tensor] : checkpoint.tensors) saved[name] = tensor;
  const at::NoGradGuard no_grad;
  for (auto& [name, tensor] : tensors_of(trainer)) {
    const auto found = saved.find(name);
    if (found == saved.end() || found->second.sizes() != tensor.sizes() ||
        found->second.scalar_type() != tensor.scalar_type()) {
      throw common::corrupt_error("the checkpoint of step " + std::to_string(state.step) +
                                  " lacks the tensor '" + name +
                                  "' in this network's shape and element type");
    }
    tensor.copy_(found->second);
  }
  trainer.optimizer.set_num_updates(state.updates);
  // What this start of the run writes from here on:
  state.config = fresh.config;
  state.bucket_plan = fresh.bucket_plan;
  state.versions = fresh.versions;
  return state;
}

checkpoints::RunState begin_or_resume(comm::Group& group, const TrainConfig& config,
                                      const std::string& mode, const checkpoints::RunState& fresh,
                                      TrainerState& trainer) {
  checkpoints::RunState state = fresh;
  if (group.rank() == 0) {
    if (const auto checkpoint = find_checkpoint(config, mode)) {
      state = take_checkpoint(*checkpoint, fresh, trainer);
      spdlog::info("resumed at step {}", state.step);
      if (!config.run.init.empty()) {
        spdlog::info("run.init is not read: this run began before; another run.name begins anew");
      }
    } else if (!config.run.init.empty()) {
      take_weights_of_model(config.run.init, trainer);
    }
  }
  share(group, state, trainer);
  return state;
}

}  // namespace worker
