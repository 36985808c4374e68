#pragma once

#include <string>
#include <string_view>

#include "imaging/format.h"

namespace webui {

/// Text that means itself in HTML, between tags and in quoted attributes. Bytes that are not UTF-8
/// become U+FFFD, as do control characters.
std::string escape_html(std::string_view text);

/// Valid UTF-8 without control characters, at most `max_bytes` long and cut between characters.
std::string printable_utf8(std::string_view text, size_t max_bytes = std::string::npos);

/// "data:image/jpeg;base64,..."
std::string data_uri(const char* type, std::string_view bytes);

/// How a photograph that a browser sent as `sent` is called on the page: the last part of a path,
/// printable, at most 120 bytes; never empty, and never used to name a file of ours.
std::string display_name(std::string_view sent);

/// "grandmother.tif" restored as PNG: "grandmother.restored.png".
std::string download_name(std::string_view name, imaging::Format format);

/// The header Content-Disposition that makes a browser save under `name`. Source: RFC 6266, 8187.
std::string content_disposition(std::string_view name);

}  // namespace webui
