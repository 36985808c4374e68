#pragma once

#include <string>
#include <string_view>

namespace webui {

/// Text that means itself in HTML, between tags and in quoted attributes. Bytes that are not UTF-8
/// become U+FFFD, as do control characters.
std::string escape_html(std::string_view text);

/// Valid UTF-8 without control characters, at most `max_bytes` long and cut between characters.
std::string printable_utf8(std::string_view text, size_t max_bytes = std::string::npos);

/// "data:image/jpeg;base64,..."
std::string data_uri(const char* type, std::string_view bytes);

}  // namespace webui
