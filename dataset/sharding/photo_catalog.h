#pragma once

#include <cstdint>
#include <vector>

#include "dataset/sharding/shard_settings.h"
#include "dataset/store/shard_about.h"
#include "imaging/photo_files.h"

namespace dataset {

/// A photograph that a command is about, with what is known of it so far.
struct CatalogPhoto {
  imaging::PhotoFile file;
  PhotoRecord record;
};

/// The photographs of the folders that the lists leave, sorted by name, with number, split, size
/// and time of the file. The number counts all photographs of the folders, so that a list does not
/// change how the others age. No file is opened.
/// Throws Error(usage) if there is none, or if a list names one that is not there.
std::vector<CatalogPhoto> catalog_photos(const SourceSettings& source, uint64_t seed);

/// Completes the record: checksum of the file, whether it can be used, and how many samples it
/// gives. Opens the file but decodes nothing. Throws Error(io).
void examine(CatalogPhoto& photo, const StoreParameters& parameters);

/// True if the file is the one of the record: the same size and time, or the same bytes.
bool is_same_file(const CatalogPhoto& photo, const PhotoRecord& record);

}  // namespace dataset
