#pragma once

#include <yaml-cpp/yaml.h>

#include <string>

namespace common {

/// The YAML document in `text`; `where` (a file's name, or an option) begins the messages.
/// Throws Error(config) with the line for bad syntax, anchors and aliases, duplicate keys, nesting
/// deeper than 32.
YAML::Node parse_strict_yaml(const std::string& text, const std::string& where);

}  // namespace common
