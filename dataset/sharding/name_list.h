#pragma once

#include <filesystem>
#include <set>
#include <string>

namespace dataset {

/// The names in a file, one a line; empty lines and lines that begin with # are left out.
/// Throws Error(io).
std::set<std::string> read_name_list(const std::filesystem::path& path);

}  // namespace dataset
