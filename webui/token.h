#pragma once

#include <string>
#include <string_view>

namespace webui {

/// 128 random bits of the kernel's as 32 hexadecimal digits: what cannot be guessed. Throws
/// Error(io).
std::string random_token();

/// As ==, in a time that does not tell how much of `said` is right.
bool same_token(std::string_view said, std::string_view token);

}  // namespace webui
