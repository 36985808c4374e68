#include "worker/checkpoint_state.h"

#include <map>

#include "common/command_line.h"
#include "common/error.h"
#include "common/hash.h"
#include "device/torch.h"

namespace worker {
namespace {

using common::Error;
using common::ErrorKind;

/// The trainer's tensors by their names in a checkpoint: views, filling them restores a state.
std::vector<device::NamedTensor> tensors_of(const TrainerState& trainer) {
  std::vector<device::NamedTensor> tensors;
  const auto add = [&](const char* prefix, const std::vector<device::NamedTensor>& list) {
    for (const auto& [name, tensor] : list) tensors.push_back({prefix + name, tensor.detach()});
  };
  add("model.", trainer.weights);
  add("ema.", trainer.averaged_weights);
  add("adam_m.", trainer.optimizer.first_moments());
  add("adam_v.", trainer.optimizer.second_moments());
  return tensors;
}

void require_same(const nlohmann::json& found, const nlohmann::json& expected, const char* what) {
  if (found == expected) return;
  throw Error(ErrorKind::config, std::string("the checkpoint is of another ") + what +
                                     " than this configuration: expected " + expected.dump() +
                                     ", got " + found.dump() +
                                     "; choose another run.name, or set it back");
}

std::vector<std::string> frozen_names(const TrainerState& trainer) {
  std::vector<std::string> names;
  for (const auto& [name, tensor] : trainer.weights) {
    if (!tensor.requires_grad()) names.push_back(name);
  }
  return names;
}

}  // namespace

checkpoints::Checkpoint pack_checkpoint(const TrainState& state, const ScheduleConfig& schedule,
                                        const RunFacts& facts, const TrainerState& trainer) {
  checkpoints::RunState saved = run_state_of(state, schedule);
  saved.updates = trainer.optimizer.num_updates();
  saved.config = facts.config;
  saved.store_fingerprint = facts.store_fingerprint;
  saved.recipe = facts.recipe;
  saved.network = facts.network;
  saved.frozen = frozen_names(trainer);
  saved.bucket_plan = common::hex64(trainer.gradients.plan_hash());
  saved.versions = {common::kVersion, TORCH_VERSION};
  return {std::move(saved), tensors_of(trainer)};
}

TrainState unpack_checkpoint(const checkpoints::Checkpoint& checkpoint,
                             const ScheduleConfig& schedule, const RunFacts& facts,
                             TrainerState& trainer) {
  const checkpoints::RunState& saved = checkpoint.state;
  require_same(saved.network, facts.network, "network");
  require_same(saved.store_fingerprint, facts.store_fingerprint, "store");
  require_same(saved.samples_per_step, schedule.samples_per_step(), "number of samples a step");
  // Frozen weights have no moments: the checkpoint of other ones would lack some.
  require_same(saved.frozen, frozen_names(trainer), "set of frozen weights (optimizer.freeze)");
  std::map<std::string, at::Tensor> saved_tensors;
  for (const auto& [name, tensor] : checkpoint.tensors) saved_tensors[name] = tensor;
  const at::NoGradGuard no_grad;
  for (auto& [name, tensor] : tensors_of(trainer)) {
    const auto found = saved_tensors.find(name);
    if (found == saved_tensors.end() || found->second.sizes() != tensor.sizes() ||
        found->second.scalar_type() != tensor.scalar_type()) {
      throw Error(ErrorKind::corrupt, "the checkpoint of step " + std::to_string(saved.step) +
                                          " lacks the tensor '" + name +
                                          "' in this network's shape and element type");
    }
    tensor.copy_(found->second);
  }
  trainer.optimizer.set_num_updates(saved.updates);
  return train_state_of(saved);
}

void share_state(comm::Group& group, const ScheduleConfig& schedule, TrainState& state,
                 TrainerState& trainer) {
  checkpoints::RunState shared = run_state_of(state, schedule);
  shared.updates = trainer.optimizer.num_updates();
  const std::string json = group.broadcast_from_rank_0(checkpoints::run_state_json(shared).dump());
  shared = checkpoints::parse_run_state(nlohmann::json::parse(json));
  state = train_state_of(shared);
  trainer.optimizer.set_num_updates(shared.updates);
  const at::NoGradGuard no_grad;
  for (auto& [name, tensor] : tensors_of(trainer)) group.broadcast(tensor, 0);
}

}  // namespace worker
