// Writes what the Python twin is compared with: parity_sample FOLDER [HEIGHT WIDTH] makes for each
// network NAME.safetensors, a model file, and NAME_sample.safetensors, an input and what the C++
// network says of it.

#include <filesystem>
#include <string>

#include "checkpoints/model_file.h"
#include "device/torch.h"
#include "model/network.h"

namespace {

using std::filesystem::path;

/// A textured batch in [0,1].
at::Tensor picture(int64_t height, int64_t width) {
  const at::Tensor n = at::arange(2 * height * width, at::kFloat);
  return (0.5 + 0.4 * at::sin(n * 0.7) * at::sin(n * 0.013)).reshape({2, 1, height, width});
}

/// Puts a value everywhere, also where a fresh network has zeros, and writes the model file.
void write_model(const path& file, const nlohmann::json& network,
                 const std::vector<device::NamedTensor>& weights) {
  checkpoints::ModelFile model{network, {{"task", "parity"}}, {}};
  double phase = 0;
  for (auto [name, parameter] : weights) {
    const at::Tensor n = at::arange(parameter.numel(), at::kFloat);
    parameter += 0.05 * at::sin(n + ++phase).reshape(parameter.sizes());
    model.weights.push_back({name, parameter});
  }
  write_model_file(file, model);
}

void write_restorer(const path& folder, const at::Tensor& aged, const std::string& name,
                    const model::NetworkConfig& config) {
  const auto network = model::make_network(config, 3);
  write_model(folder / (name + ".safetensors"), model::network_json(config), network->weights());
  const auto [luma, damage_logits, chroma, colour_logits, filled] = network->forward(aged);
  checkpoints::TensorFile sample{{{"aged", aged}}, {}};
  const auto add = [&](const char* what, const at::Tensor& tensor) {
    if (tensor.defined()) sample.tensors.push_back({what, tensor.contiguous()});
  };
  add("luma", luma);
  add("damage_logits", damage_logits);
  add("chroma", chroma);
  add("colour_logits", colour_logits);
  add("filled", filled);
  const at::Tensor known = at::where(aged > 0.6, at::where(aged > 0.7, 1.0F, 0.0F), -1.0F);
  add("known_damage", known);
  add("luma_with_known", network->forward(aged, known).luma);
  add("luma_of_noisy", network->forward(aged, known, {.twice = true, .white_noise = true}).luma);
  checkpoints::write_safetensors(folder / (name + "_sample.safetensors"), sample);
}

}  // namespace

int main(int argc, char** argv) {
  const path folder(argc > 1 ? argv[1] : ".");
  const at::NoGradGuard no_grad;
  const at::Tensor aged =
      argc > 3 ? picture(std::stoll(argv[2]), std::stoll(argv[3])) : picture(24, 40);
  write_restorer(folder, aged, "restorer",
                 {.name = "restorer",
                  .widths = {},
                  .blocks = 2,
                  .find = {6, 10},
                  .restore = {6, 10, 14},
                  .denoise = {6, 10},
                  .colourise = {8, 12}});
  write_restorer(folder, aged, "red_without_skips", {"red", {6}, 5});
  write_restorer(folder, aged, "red_even", {"red", {6}, 6});
  write_restorer(folder, aged, "red_odd", {"red", {6}, 7});
  write_restorer(folder, aged, "colour", {"colour", {4}, 1});
}
