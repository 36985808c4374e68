#pragma once

#include <filesystem>
#include <vector>

namespace common {

/// The folder of the running program, in which its sisters lie.
std::filesystem::path program_folder();

/// Where `configs` and `checkpoints`, which belong to the programs, may be, best first: the
/// installation's share/restore, the tree above build/bin, the tree that was built.
std::vector<std::filesystem::path> data_folders();

}  // namespace common
