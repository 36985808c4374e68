#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace model {

/// Which network, and how large: section `network` of a training configuration, and what a model
/// file says of its architecture. `red` (RED-Net) has one width, its feature maps, and as many
/// convolutions as `blocks`, followed by as many deconvolutions: RED30 is red, [64], 15. `colour`
/// has one width, the channels of its first block, by which those of the others scale, and 1 as its
/// blocks: its paper's is colour, [64], 1.
struct NetworkConfig {
  std::string name = "unet";
  std::vector<int64_t> widths{64, 96, 128};
  int64_t blocks = 2;

  template <class F>
  void fields(F&& field) {
    field("name", name, "architecture: unet, red (a denoiser) or colour (a colouriser)");
    field("widths", widths,
          "channels of each level, the largest first; the unet's has half of the resolution");
    field("blocks", blocks,
          "residual blocks a level, down and up; red: convolutions, and as many deconvolutions; "
          "colour: 1");
  }

  /// Throws Error(config).
  void validate() const;
};

/// The configuration as a model file and a checkpoint keep it: {"name":..,"widths":..,"blocks":..}.
nlohmann::json network_json(const NetworkConfig& config);

/// The inverse, validated. Throws Error(config) for a missing, unknown or ill-typed key.
NetworkConfig parse_network_json(const nlohmann::json& json);

}  // namespace model
