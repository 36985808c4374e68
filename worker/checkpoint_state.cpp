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
  checkpoints::Checkpoint checkpoint{state.step, state_json(state, schedule), tensors_of(trainer)};
  nlohmann::json& json = checkpoint.state;
  json["updates"] = trainer.optimizer.num_updates();
  json["config"] = facts.config;
  json["store_fingerprint"] = facts.store_fingerprint;
  json["recipe"] = facts.recipe;
  json["network"] = facts.network;
  json["frozen"] = frozen_names(trainer);
  json["bucket_plan"] = common::hex64(trainer.gradients.plan_hash());
  json["versions"] = {{"restore", common::kVersion}, {"torch", TORCH_VERSION}};
  return checkpoint;
}

TrainState unpack_checkpoint(const checkpoints::Checkpoint& checkpoint,
                             const ScheduleConfig& schedule, const RunFacts& facts,
                             TrainerState& trainer) {
  const nlohmann::json& json = checkpoint.state;
  const nlohmann::json none;
  require_same(json.value("network", none), facts.network, "network");
  require_same(json.value("store_fingerprint", none), facts.store_fingerprint, "store");
  require_same(json.value("samples_per_step", none), schedule.samples_per_step(),
               "number of samples a step");
  // Frozen weights have no moments: the checkpoint of other ones would lack some.
  require_same(json.value("frozen", nlohmann::json::array()), frozen_names(trainer),
               "set of frozen weights (optimizer.freeze)");
  std::map<std::string, at::Tensor> saved;
  for (const auto& [name, tensor] : checkpoint.tensors) saved[name] = tensor;
  const at::NoGradGuard no_grad;
  for (auto& [name, tensor] : tensors_of(trainer)) {
    const auto found = saved.find(name);
    if (found == saved.end() || found->second.sizes() != tensor.sizes() ||
        found->second.scalar_type() != tensor.scalar_type()) {
      throw Error(ErrorKind::corrupt, "the checkpoint of step " + std::to_string(checkpoint.step) +
                                          " lacks the tensor '" + name +
                                          "' in this network's shape and element type");
    }
    tensor.copy_(found->second);
  }
  if (!json.contains("updates") || !json["updates"].is_number_integer()) {
    throw Error(ErrorKind::corrupt, "a checkpoint's state.json lacks the number of updates");
  }
  trainer.optimizer.set_num_updates(json["updates"].get<int64_t>());
  return parse_state_json(json);
}

void share_state(comm::Group& group, const ScheduleConfig& schedule, TrainState& state,
                 TrainerState& trainer) {
  const std::string json = group.broadcast_from_rank_0(state_json(state, schedule).dump());
  state = parse_state_json(nlohmann::json::parse(json));
  trainer.optimizer.set_num_updates(group.broadcast_from_rank_0(trainer.optimizer.num_updates()));
  const at::NoGradGuard no_grad;
  for (auto& [name, tensor] : tensors_of(trainer)) group.broadcast(tensor, 0);
}

}  // namespace worker
