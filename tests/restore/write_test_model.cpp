// Writes a model file with random weights: write_test_model FILE [WIDTH...]
#include <string>

#include "checkpoints/model_file.h"
#include "model/network.h"

int main(int argc, char** argv) {
  if (argc < 2) return 64;
  model::NetworkConfig config{"unet", {4, 8}, 1};
  if (argc > 2) config = {"unet", {}, 2};
  for (int i = 2; i < argc; ++i) config.widths.push_back(std::stoll(argv[i]));
  checkpoints::ModelFile file{network_json(config), nlohmann::json::object(), {}};
  for (const auto& [name, tensor] : make_network(config, 1)->weights()) {
    file.weights.push_back({name, tensor.detach()});
  }
  checkpoints::write_model_file(argv[1], file);
  return 0;
}
