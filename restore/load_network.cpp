#include "restore/load_network.h"

#include <fmt/format.h>

#include <cstdlib>
#include <map>
#include <sstream>

#include "checkpoints/model_file.h"
#include "common/error.h"
#include "common/installation.h"
#include "device/choose_device.h"
#include "device/torch.h"

namespace restore {
namespace {

using Weights = std::map<std::string, at::Tensor>;

[[noreturn]] void refuse_model(const std::filesystem::path& path, const std::string& message) {
  throw common::corrupt_error(path.string() + ": " + message);
}

std::string shape_text(const at::Tensor& tensor) {
  std::ostringstream text;
  text << tensor.sizes() << ' ' << tensor.scalar_type();
  return text.str();
}

[[noreturn]] void refuse_weights(const std::filesystem::path& path, const std::string& message) {
  refuse_model(path, message +
                         ": the file is damaged or of another version; take the model that ships, "
                         "or train one anew");
}

void copy_weights(const std::filesystem::path& path, Weights weights, model::Network& network) {
  const at::NoGradGuard no_grad;
  for (auto& [name, parameter] : network.weights()) {
    const auto found = weights.find(name);
    if (found == weights.end()) refuse_weights(path, "the weight '" + name + "' is missing");
    const at::Tensor& weight = found->second;
    if (weight.sizes() != parameter.sizes() || !weight.is_floating_point()) {
      refuse_weights(path, "the weight '" + name + "' is " + shape_text(weight) +
                               ", its network wants " + shape_text(parameter));
    }
    parameter.copy_(weight);
    weights.erase(found);
  }
  if (!weights.empty()) {
    refuse_weights(path,
                   "the weight '" + weights.begin()->first + "' belongs to no part of its network");
  }
}

model::NetworkConfig network_config(const std::filesystem::path& path, const nlohmann::json& json) {
  try {
    return model::parse_network_json(json);
  } catch (const common::Error& error) {
    refuse_model(path, std::string("its network cannot be built here: ") + error.what());
  }
}

std::filesystem::path released_model() {
  std::filesystem::path model;
  for (const auto& folder : common::data_folders()) {
    model = folder / "checkpoints" / "released" / "model.safetensors";
    if (std::filesystem::exists(model)) break;
  }
  return model;
}

}  // namespace

std::filesystem::path find_model(const std::string& wanted) {
  const char* from_environment = std::getenv("RESTORE_MODEL");
  std::filesystem::path path = released_model();
  std::string source = "the model that ships with the program";
  if (!wanted.empty()) {
    path = wanted;
    source = "the model asked for with --model";
  } else if (from_environment != nullptr && *from_environment != '\0') {
    path = from_environment;
    source = "the model that RESTORE_MODEL names";
  }
  std::error_code error;
  if (std::filesystem::is_regular_file(path, error)) return path;
  throw common::usage_error(source + " is not there: no file " + path.string() +
                            ". Leave out --model and RESTORE_MODEL for the one that ships, or name "
                            "one that restore-export wrote, such as runs/demo/model.safetensors of "
                            "scripts/demo");
}

LoadedNetwork load_network(const std::filesystem::path& path, const std::string& device) {
  const checkpoints::ModelFile file = checkpoints::read_model_file(path);
  const model::NetworkConfig config = network_config(path, file.network);
  const device::ChosenDevice chosen = device::choose_device(device, /*local_rank=*/0);
  LoadedNetwork loaded{model::make_network(config, 0), config.name};
  Weights weights;
  for (const auto& [name, tensor] : file.weights) weights.emplace(name, tensor);
  copy_weights(path, std::move(weights), *loaded.network);
  const auto describe = [&](const std::string& part, const std::vector<int64_t>& widths) {
    if (!widths.empty()) loaded.description += part + fmt::format(" {}", fmt::join(widths, ","));
  };
  if (config.name == "restorer") {
    describe(", find", config.find);
    describe(", restore", config.restore);
    describe(", denoise", config.denoise);
    describe(", colourise", config.colourise);
  } else {
    describe("", config.widths);
  }
  loaded.network->move_to(chosen.device);
  if (chosen.module) loaded.description += " on a GPU";
  return loaded;
}

}  // namespace restore
