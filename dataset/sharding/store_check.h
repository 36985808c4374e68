#pragma once

#include <filesystem>
#include <string>

namespace dataset {

/// What a store holds, for people. Throws as Store does.
std::string describe_store(const std::filesystem::path& folder);

/// Reads every byte of a store and compares it with its checksum; prints a line to stderr for each
/// array of each sample, and each shard, that is not as it was written.
/// Throws Error(corrupt) with their number if there are any; otherwise as read_manifest does.
std::string verify_store(const std::filesystem::path& folder);

}  // namespace dataset
