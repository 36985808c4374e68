#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace common {

/// Bounds on JSON from a file that may be damaged, checked while it is read: what is refused was
/// not built in memory before.
struct JsonLimits {
  int max_depth = 16;            ///< objects and arrays within each other
  size_t max_array = 1'000'000;  ///< elements
};

/// Parses an object whose keys differ (of equal ones nlohmann's parser takes the last).
/// Throws Error(corrupt), its message beginning with `what`.
nlohmann::json parse_json_object(const std::string& text, const std::string& what,
                                 const JsonLimits& limits = {});

}  // namespace common
