#pragma once

#include <string>
#include <vector>

namespace worker {

/// "a, b, c and 12 more": names for a message, the first few of many.
std::string name_list(const std::vector<std::string>& names);

}  // namespace worker
