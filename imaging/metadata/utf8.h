#pragma once

#include <string>
#include <string_view>

namespace imaging {

/// `bytes` if they are UTF-8, or else each taken for a character of Latin-1.
std::string as_utf8(std::string_view bytes);
std::string latin1_to_utf8(std::string_view bytes);

}  // namespace imaging
