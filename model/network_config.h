#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace model {

/// Which network, and how large: section `network` of a training configuration, and what a model
/// file says of its architecture. `restorer` has the widths of its parts. `red` (RED-Net) has one
/// width, its feature maps, and as many convolutions as `blocks`, followed by as many
/// deconvolutions: RED30 is red, [64], 15. `colour` has one width, the channels of its first block,
/// by which those of the others scale, and 1 as its blocks: its paper's is colour, [64], 1.
struct NetworkConfig {
  std::string name = "restorer";
  std::vector<int64_t> widths = {};
  int64_t blocks = 2;
  std::vector<int64_t> find{32, 64, 96, 128}, restore{64, 96, 128}, denoise{},
      colourise{64, 96, 128};

  template <class F>
  void fields(F&& field) {
    field("name", name, "architecture: restorer, red (a denoiser) or colour (a colouriser)");
    field("widths", widths, "channels of red ([64] in its paper) or of the first block of colour");
    field("blocks", blocks,
          "restorer: residual blocks a level, down and up; red: convolutions, and as many "
          "deconvolutions; colour: 1");
    field(
        "find", find,
        "restorer: channels of each level of the part that finds damage, the largest level first, "
        "which has half of the resolution; []: it has none");
    field("restore", restore, "the same of the part that denoises and inpaints");
    field("denoise", denoise,
          "the same of a part for white noise alone; a run without `restore` trains it");
    field("colourise", colourise,
          "the same of the part that gives colours; its largest level has a quarter");
  }

  /// Throws Error(config).
  void validate() const;
};

/// The configuration as a model file and a checkpoint keep it: the name, and the keys that this
/// network has.
nlohmann::json network_json(const NetworkConfig& config);

/// The inverse, validated. Throws Error(config) for a missing, unknown or ill-typed key.
NetworkConfig parse_network_json(const nlohmann::json& json);

}  // namespace model
