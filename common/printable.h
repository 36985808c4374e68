#pragma once

#include <string>
#include <string_view>

namespace common {

/// `text` as a terminal and a line of a log may show it: control characters and bytes that are not
/// UTF-8 as \n, \t or \x1b. Names of files may hold both.
std::string printable(std::string_view text);

}  // namespace common
