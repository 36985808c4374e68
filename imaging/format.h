#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace imaging {

/// The file formats that are read and written.
enum class Format { jpeg, png, tiff, webp };

/// "jpeg", "png", "tiff", "webp". parse_format throws Error(usage) for another word.
const char* to_string(Format format);
Format parse_format(const std::string& name);

/// Of a picture's file name; Error(usage) for an ending that is none of theirs.
Format format_of_name(const std::filesystem::path& path);
bool is_picture_name(const std::filesystem::path& path);

/// By the first bytes of a file, whatever it is called; none if they are of no such format, or
/// cannot be read.
std::optional<Format> format_of_bytes(const std::filesystem::path& path);

/// Whether a WebP file keeps every sample.
bool is_lossless_webp(const std::filesystem::path& path);

/// Says in a WebP file whose samples are kept that it has alpha, if it has: exiftool, which adds
/// the head that says so, does not look. Throws Error(io).
void mark_webp_alpha(const std::filesystem::path& path);

/// As file names end: "jpg", "png", "tif", "webp".
const char* extension(Format format);

}  // namespace imaging
