// Writes a model file with random weights: write_test_model FILE [released]
// released: of the size of the model that ships
#include <string>

#include "checkpoints/model_file.h"
#include "model/network.h"

int main(int argc, char** argv) {
  if (argc < 2) return 64;
  model::NetworkConfig config;
  if (argc == 2)
    config = {.name = "restorer",
              .widths = {},
              .blocks = 1,
              .find = {4, 8},
              .restore = {4, 8},
              .colourise = {4}};
  checkpoints::ModelFile file{network_json(config), nlohmann::json::object(), {}};
  for (const auto& [name, tensor] : make_network(config, 1)->weights()) {
    // A fresh network changes next to nothing.
    const double gain = name == "restore.head.weight" ? 20 : 1;
    file.weights.push_back({name, gain * tensor.detach()});
  }
  checkpoints::write_model_file(argv[1], file);
  return 0;
}
