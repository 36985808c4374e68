#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace YAML {
class Node;
}

namespace common {

/// The YAML document in `text`; `where` (a file's name, or an option) begins the messages.
/// Throws Error(config) with the line for bad syntax, anchors and aliases, duplicate keys, nesting
/// deeper than 32.
YAML::Node parse_strict_yaml(const std::string& text, const std::string& where);

/// Bounds on JSON from a file that may be damaged. They are checked while it is read, before memory
/// is taken for what they refuse.
struct JsonLimits {
  int max_depth = 16;            ///< objects and arrays within each other
  size_t max_array = 1'000'000;  ///< elements
};

/// Parses an object whose keys differ (of equal ones nlohmann's parser takes the last).
/// Throws Error(corrupt), its message beginning with `what`.
nlohmann::json parse_strict_json(const std::string& text, const std::string& what,
                                 const JsonLimits& limits = {});

}  // namespace common
