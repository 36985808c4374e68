#include "checkpoints/export_model.h"

#include <spdlog/spdlog.h>

#include "common/command_line.h"
#include "common/error.h"
#include "device/torch.h"

namespace checkpoints {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kAveraged = "ema.";

Checkpoint newest(const CheckpointFolder& folder, const fs::path& run_folder) {
  std::vector<std::string> passed_over;
  auto found = folder.load_newest(passed_over);
  for (const std::string& line : passed_over) spdlog::warn("passed over: {}", line);
  if (!found)
    throw common::usage_error(run_folder.string() +
                              " has no complete checkpoint; let the run save one");
  return std::move(*found);
}

}  // namespace

Checkpoint choose_checkpoint(const fs::path& run_folder, const std::string& which) {
  if (!fs::is_directory(run_folder / "checkpoints")) {
    throw common::usage_error(run_folder.string() +
                              " is not the folder of a run: it has no checkpoints/");
  }
  const CheckpointFolder folder(run_folder / "checkpoints", 1);
  if (which == "newest") return newest(folder, run_folder);
  if (which != "best") return load_checkpoint(which);
  auto best = folder.load_best();
  if (!best)
    throw common::usage_error(run_folder.string() +
                              " has no best checkpoint yet; try --checkpoint newest");
  return std::move(*best);
}

std::optional<int64_t> other_best_step(const fs::path& run_folder, int64_t step) {
  const auto best = BestMark(run_folder / "checkpoints").step();
  return best == step ? std::nullopt : best;
}

ModelFile exported_model(const Checkpoint& checkpoint) {
  ModelFile model;
  for (const device::NamedTensor& named : checkpoint.tensors) {
    if (!named.name.starts_with(kAveraged)) continue;
    model.weights.push_back({named.name.substr(kAveraged.size()), named.tensor});
  }
  const RunState& state = checkpoint.state;
  if (model.weights.empty() || state.network.empty()) {
    throw common::corrupt_error("the checkpoint of step " + std::to_string(state.step) +
                                " has no averaged weights (ema.*) or no network to export");
  }
  model.network = state.network;
  model.about = {
      {"task", "aged luma -> restored luma, damage and chroma, as far as the network says them"},
      {"normalisation", "luma (BT.601 of sRGB) in [0, 1]"},
      {"versions", {{"restore", common::kVersion}, {"torch", TORCH_VERSION}}}};
  const nlohmann::json all = run_state_json(state);
  for (const char* key : {"step", "samples", "best", "metrics", "recipe", "store_fingerprint"}) {
    if (all.contains(key)) model.about[key] = all[key];
  }
  return model;
}

ModelFile joined(std::vector<ModelFile> models) {
  if (models.size() == 1) return std::move(models.front());
  ModelFile all;
  all.about = {{"parts", nlohmann::json::array()}};
  for (ModelFile& model : models) {
    if (!model.network.contains("find")) {
      throw common::usage_error("only the parts of a restorer can be joined, not a network '" +
                                model.network.value("name", "") + "'; export one run");
    }
    if (all.network.empty()) all.network = model.network;
    if (all.network["blocks"] != model.network["blocks"]) {
      throw common::usage_error("the runs' networks differ in network.blocks: train them alike");
    }
    for (const char* part : {"find", "restore", "denoise", "colourise"}) {
      const auto& widths = model.network[part];
      if (widths.empty() || all.about["parts"].empty()) continue;
      if (!all.network[part].empty()) {
        throw common::usage_error(std::string("two runs have the part '") + part +
                                  "'; export one of them, or train without it: --set network." +
                                  part + "=[]");
      }
      all.network[part] = widths;
    }
    all.about["parts"].push_back(std::move(model.about));
    std::move(model.weights.begin(), model.weights.end(), std::back_inserter(all.weights));
  }
  return all;
}

void require_place_for_model(const fs::path& output) {
  if (output.empty()) throw common::usage_error("--output is empty: name a file");
  if (fs::is_directory(output)) {
    throw common::usage_error(output.string() + " is a folder: name a file in it, such as " +
                              (output / "model.safetensors").string());
  }
  if (!fs::exists(output)) return;
  try {
    read_model_file(output);
  } catch (const common::Error&) {
    throw common::usage_error(output.string() +
                              " is there and is no model file: name another, or remove it");
  }
}

void round_to_half(ModelFile& model) {
  for (auto& [name, tensor] : model.weights) {
    tensor = tensor.to(at::kHalf);
    if (!at::isfinite(tensor).all().item<bool>()) {
      throw common::corrupt_error(
          "the weight '" + name +
          "' is not finite or too large for 16 bits; export without --half");
    }
  }
}

}  // namespace checkpoints
