#pragma once

#include <cstdint>
#include <vector>

#include "dataset/sharding/shard_settings.h"
#include "dataset/store/shard_about.h"
#include "imaging/photo_files.h"

namespace dataset {

/// A photograph and what is known of it so far.
struct CatalogPhoto {
  imaging::PhotoFile file;
  PhotoRecord record;
};

/// The photographs of the folders, as far as the lists allow, sorted by name, with number, split,
/// size and time of the file. The number counts all photographs of the folders: a list does not
/// change how the others age. Opens no file.
/// Throws Error(usage) if none is left, or if a list names one that is not there.
std::vector<CatalogPhoto> catalog_photos(const SourceSettings& source, uint64_t seed);

/// Completes the record: checksum of the file, whether it can be used, number of samples. Opens the
/// file but decodes nothing. Throws Error(io).
void examine(CatalogPhoto& photo, const StoreParameters& parameters);

/// True if the file is the one of the record: the same size and time, or the same bytes.
bool is_same_file(const CatalogPhoto& photo, const PhotoRecord& record);

}  // namespace dataset
