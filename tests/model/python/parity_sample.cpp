// Writes what the Python twin is compared with: parity_sample FOLDER makes model.safetensors and
// sample.safetensors (an input and what the C++ network says of it).
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/sin.h>

#include <filesystem>

#include "checkpoints/model_file.h"
#include "model/network.h"

int main(int argc, char** argv) {
  const std::filesystem::path folder(argc > 1 ? argv[1] : ".");
  const at::NoGradGuard no_grad;
  const model::NetworkConfig config{"unet", {6, 10, 14}, 2};
  const auto network = model::make_network(config, 3);
  checkpoints::ModelFile file{model::network_json(config), {{"task", "parity"}}, {}};
  double phase = 0;
  for (auto& [name, parameter] : network->weights()) {
    // Everywhere a value, also where a fresh network has zeros.
    const at::Tensor n = at::arange(parameter.numel(), at::kFloat);
    parameter += 0.05 * at::sin(n + ++phase).reshape(parameter.sizes());
    file.weights.push_back({name, parameter});
  }
  write_model_file(folder / "model.safetensors", file);

  const at::Tensor n = at::arange(2 * 24 * 40, at::kFloat);
  const at::Tensor aged =
      (0.5 + 0.4 * at::sin(n * 0.7) * at::sin(n * 0.013)).reshape({2, 1, 24, 40});
  const auto [luma, damage_logits] = network->forward(aged);
  checkpoints::write_safetensors(
      folder / "sample.safetensors",
      {{{"aged", aged}, {"luma", luma}, {"damage_logits", damage_logits}}, {}});
}
