#pragma once

#include <filesystem>

#include "dataset/store/manifest.h"

namespace dataset {

/// Writes store.h5, in which all shards of a split are one array: /train/clean [N,3,P,P],
/// /train/aged, ... /valid/xxh3. It holds no sample, only virtual datasets that name the shards
/// relative to its own folder. Our programs do not read it; for h5py it is a store in one file.
/// Atomic; the same bytes for the same manifest. Throws Error(io).
void write_virtual_store(const std::filesystem::path& folder, const Manifest& manifest);

std::filesystem::path virtual_store_path(const std::filesystem::path& folder);

}  // namespace dataset
