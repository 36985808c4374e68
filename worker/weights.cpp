#include "worker/weights.h"

#include <fmt/format.h>
#include <fnmatch.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <map>

#include "checkpoints/model_file.h"
#include "common/error.h"
#include "common/hash.h"
#include "device/torch.h"
#include "worker/trainer_state.h"

namespace worker {
namespace {

/// "a, b, c and 12 more".
std::string name_list(const std::vector<std::string>& names) {
  constexpr size_t kShown = 8;
  const size_t shown = std::min(kShown, names.size());
  const auto end = names.begin() + static_cast<std::ptrdiff_t>(shown);
  std::string text = fmt::format("{}", fmt::join(names.begin(), end, ", "));
  if (shown < names.size()) text += fmt::format(" and {} more", names.size() - shown);
  return text;
}

bool matches(const std::string& name, const std::string& pattern) {
  return fnmatch(pattern.c_str(), name.c_str(), 0) == 0;
}

void require_match(const std::string& pattern, const std::vector<device::NamedTensor>& parameters) {
  std::vector<std::string> names;
  for (const auto& [name, tensor] : parameters) names.push_back(name);
  if (std::ranges::any_of(names, [&](const auto& name) { return matches(name, pattern); })) return;
  throw common::config_error(
      fmt::format("optimizer.freeze: no weight is named like '{}'; weights are {}; a pattern takes "
                  "the whole name, such as 'find.*'",
                  pattern, name_list(names)));
}

using Names = std::vector<std::string>;

/// What became of the network's weights and of the file's.
struct Matching {
  Names taken;
  Names missing;      ///< the file has no weight of the name
  Names other_shape;  ///< with both shapes
  Names left_over;    ///< the network has no weight of the name
};

Matching copy_matching(const checkpoints::ModelFile& model, TrainerState& trainer) {
  std::map<std::string, at::Tensor> in_file;
  for (const auto& [name, tensor] : model.weights) in_file[name] = tensor;
  Matching matching;
  const at::NoGradGuard no_grad;
  for (const auto& [name, tensor] : trainer.weights) {
    const auto found = in_file.extract(name);
    if (found.empty()) {
      matching.missing.push_back(name);
    } else if (found.mapped().sizes() != tensor.sizes()) {
      matching.other_shape.push_back(fmt::format("{} [{}] instead of [{}]", name,
                                                 fmt::join(found.mapped().sizes().vec(), ","),
                                                 fmt::join(tensor.sizes().vec(), ",")));
    } else {
      tensor.detach().copy_(found.mapped());
      matching.taken.push_back(name);
    }
  }
  for (const auto& [name, tensor] : in_file) matching.left_over.push_back(name);
  return matching;
}

void log_matching(const Matching& matching, size_t num_weights, const std::filesystem::path& path,
                  const nlohmann::json& network) {
  spdlog::info("{} of {} weights begin as in {}", matching.taken.size(), num_weights,
               path.string());
  if (!matching.other_shape.empty()) {
    spdlog::warn("its network is {}: choose the same sizes to begin with all of it",
                 network.dump());
  }
  const auto warn_of = [](const char* what, const Names& names) {
    if (!names.empty()) spdlog::warn("{}: {}", what, name_list(names));
  };
  warn_of("not in the file, drawn at random", matching.missing);
  warn_of("of another shape in the file, drawn at random", matching.other_shape);
  warn_of("in the file, not in the network", matching.left_over);
}

}  // namespace

std::vector<device::NamedTensor> freeze(const std::vector<device::NamedTensor>& parameters,
                                        const std::vector<std::string>& patterns) {
  for (const std::string& pattern : patterns) require_match(pattern, parameters);
  std::vector<device::NamedTensor> trained;
  for (const device::NamedTensor& parameter : parameters) {
    const bool frozen = std::ranges::any_of(
        patterns, [&](const auto& pattern) { return matches(parameter.name, pattern); });
    parameter.tensor.set_requires_grad(!frozen);
    if (!frozen) trained.push_back(parameter);
  }
  if (!trained.empty()) return trained;
  throw common::config_error("optimizer.freeze leaves no weight to train; leave a pattern out");
}

void take_weights_of_model(const std::filesystem::path& model_file, TrainerState& trainer) {
  const checkpoints::ModelFile model = checkpoints::read_model_file(model_file);
  const Matching matching = copy_matching(model, trainer);
  if (matching.taken.empty()) {
    const Names& unfit = matching.other_shape.empty() ? matching.left_over : matching.other_shape;
    throw common::config_error(
        fmt::format("no weight of {} has the name and shape of one of this network "
                    "(in the file: {}); give a model of this architecture, or "
                    "leave run.init empty",
                    model_file.string(), name_list(unfit)));
  }
  log_matching(matching, trainer.weights.size(), model_file, model.network);
  trainer.ema.restart();
}

uint64_t weights_xxh3(const std::vector<device::NamedTensor>& weights) {
  common::Xxh3Stream hash;
  for (const auto& [name, tensor] : weights) {
    const at::Tensor values = tensor.detach().cpu().contiguous();
    hash.update(name.data(), name.size());
    hash.update(values.const_data_ptr(), values.nbytes());
  }
  return hash.digest();
}

int64_t num_elements(const std::vector<device::NamedTensor>& weights) {
  int64_t count = 0;
  for (const auto& weight : weights) count += weight.tensor.numel();
  return count;
}

}  // namespace worker
