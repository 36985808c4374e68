#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace restore {

/// A name without extension for each file: "sub/photo.jpg" gives "sub/photo"; files that differ by
/// their extension alone keep it: "photo.jpg" and "photo.tif" stay as they are.
/// Throws Error(usage) if a path is there twice.
std::vector<std::string> distinct_names(const std::vector<std::filesystem::path>& files);

}  // namespace restore
