#include "worker/initial_weights.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <map>

#include "checkpoints/model_file.h"
#include "common/error.h"
#include "device/torch.h"
#include "worker/name_list.h"

namespace worker {
namespace {

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

void say(const Matching& matching, size_t num_weights, const std::filesystem::path& path) {
  spdlog::info("{} of {} weights begin as in {}", matching.taken.size(), num_weights,
               path.string());
  const auto warn_of = [](const char* what, const Names& names) {
    if (!names.empty()) spdlog::warn("{}: {}", what, name_list(names));
  };
  warn_of("not in the file, drawn at random", matching.missing);
  warn_of("of another shape in the file, drawn at random", matching.other_shape);
  warn_of("in the file, not in the network", matching.left_over);
}

}  // namespace

void take_weights_of_model(const std::filesystem::path& model_file, TrainerState& trainer) {
  const Matching matching = copy_matching(checkpoints::read_model_file(model_file), trainer);
  if (matching.taken.empty()) {
    const Names& unfit = matching.other_shape.empty() ? matching.left_over : matching.other_shape;
    throw common::Error(common::ErrorKind::config,
                        fmt::format("no weight of {} has the name and shape of one of this network "
                                    "(in the file: {}); give a model of this architecture, or "
                                    "leave run.init empty",
                                    model_file.string(), name_list(unfit)));
  }
  say(matching, trainer.weights.size(), model_file);
  trainer.average.restart();
}

}  // namespace worker
