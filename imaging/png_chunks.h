#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "common/files.h"

namespace imaging {

/// The chunk IEND, after which some programs add their own.
bool lacks_png_end(const std::filesystem::path& path, const common::FileDescriptor& file);

/// What a PNG's chunk before the pixels holds, with all that follows; libvips does not say it.
std::optional<std::string> png_chunk(const common::FileDescriptor& file, const char* name);

}  // namespace imaging
