#include "model/network_config.h"

#include <string_view>

#include "common/error.h"

namespace model {
namespace {

// Far above any network of the project; they keep a damaged or hostile model file from asking for
// all the memory there is.
constexpr int64_t kMaxWidth = 2048, kMaxLevels = 8, kMaxBlocks = 32;
// The widest block of the colour network has eight times as many channels as its first.
constexpr int64_t kMaxColourWidth = kMaxWidth / 8;

/// Whether a network of this name has the key: what others have says nothing of it.
bool has_key(const std::string& name, std::string_view key) {
  const bool is_of_parts =
      key == "find" || key == "restore" || key == "denoise" || key == "colourise";
  return name == "restorer" ? key != "widths" : !is_of_parts;
}

common::Error network_config_error(const std::string& message) {
  return {common::ErrorKind::config, message};
}

void require_width(const std::string& key, int64_t width, int64_t largest) {
  if (width >= 1 && width <= largest) return;
  throw network_config_error("network." + key + " holds " + std::to_string(width) +
                             "; a width is 1 to " + std::to_string(largest));
}

void require_widths(const std::string& key, const std::vector<int64_t>& widths, int64_t fewest) {
  const auto levels = static_cast<int64_t>(widths.size());
  if (levels < fewest || levels > kMaxLevels) {
    throw network_config_error("network." + key + " has " + std::to_string(levels) + " levels; " +
                               std::to_string(fewest) + " to " + std::to_string(kMaxLevels) +
                               " are possible");
  }
  for (const int64_t width : widths) require_width(key, width, kMaxWidth);
}

void require_one_level(const NetworkConfig& config) {
  if (config.widths.size() == 1) return;
  throw network_config_error("network.widths has " + std::to_string(config.widths.size()) +
                             " levels; '" + config.name + "' has one, [64] in its paper");
}

void require_colour(const NetworkConfig& config) {
  require_one_level(config);
  require_width("widths", config.widths.front(), kMaxColourWidth);
  if (config.blocks == 1) return;
  throw network_config_error("network.blocks is " + std::to_string(config.blocks) +
                             "; 'colour' has the blocks of its paper: set it to 1");
}

}  // namespace

void NetworkConfig::validate() const {
  if (name == "unet") {
    throw network_config_error(
        "network.name is 'unet', the network of an earlier version: take the model that ships with "
        "this one, or train a 'restorer' anew");
  }
  if (name != "restorer" && name != "red" && name != "colour") {
    throw network_config_error("network.name is '" + name +
                               "'; the networks are 'restorer', 'red' and 'colour'");
  }
  const NetworkConfig plain;
  const bool has_parts = find != plain.find || restore != plain.restore ||
                         denoise != plain.denoise || colourise != plain.colourise;
  if (name == "restorer" ? !widths.empty() : has_parts) {
    throw network_config_error(
        "network.widths is for 'red' and 'colour'; a restorer has network.find, network.restore, "
        "network.denoise and network.colourise instead; network.name is '" +
        name + "'");
  }
  if (name == "restorer") {
    require_widths("find", find, 0);
    require_widths("restore", restore, 0);
    require_widths("denoise", denoise, 0);
    require_widths("colourise", colourise, 0);
    if (find.empty() && restore.empty() && denoise.empty() && colourise.empty()) {
      throw network_config_error(
          "network.find, network.restore, network.denoise and network.colourise are empty: a "
          "restorer has at least one part");
    }
  } else {
    require_widths("widths", widths, 1);
  }
  if (blocks < 1 || blocks > kMaxBlocks) {
    throw network_config_error("network.blocks is " + std::to_string(blocks) +
                               "; it must be 1 to " + std::to_string(kMaxBlocks));
  }
  if (name == "red") require_one_level(*this);
  if (name == "colour") require_colour(*this);
}

nlohmann::json network_json(const NetworkConfig& config) {
  nlohmann::json json;
  NetworkConfig copy = config;  // `fields` serves reading too, so it takes no const
  copy.fields([&](const char* key, const auto& value, const char*) {
    if (has_key(config.name, key)) json[key] = value;
  });
  return json;
}

NetworkConfig parse_network_json(const nlohmann::json& json) {
  if (!json.is_object()) throw network_config_error("a network is described by a JSON object");
  NetworkConfig config;
  size_t num_known = 0;
  config.fields([&](const char* key, auto& value, const char*) {
    if (!has_key(config.name, key)) return;  // the name is read first
    const auto found = json.find(key);
    if (found == json.end() && std::string_view(key) == "denoise") return;  // an older file
    if (found == json.end()) {
      throw network_config_error("the network's description lacks '" + std::string(key) + "'");
    }
    try {
      found->get_to(value);
    } catch (const nlohmann::json::exception&) {
      throw network_config_error("the network's '" + std::string(key) +
                                 "' has the wrong type: " + found->dump());
    }
    ++num_known;
  });
  if (json.size() != num_known) {
    throw network_config_error("the network's description holds unknown keys: " + json.dump() +
                               "; a newer version of the programs may know them");
  }
  config.validate();
  return config;
}

}  // namespace model
