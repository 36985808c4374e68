#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "common/files.h"
#include "dataset/store/shard_file.h"

namespace dataset {

/// Writes one shard under a temporary name and renames it when it is complete; an unfinished one is
/// removed.
/// HDF5 makes the layout; then any number of threads write samples at their offsets.
class ShardWriter {
 public:
  /// Throws Error(io).
  ShardWriter(std::filesystem::path path, int64_t samples, int64_t patch, const std::string& about);

  /// Writes sample `index`; each index once, by any thread. Throws Error(io), as on a full disk.
  void write(int64_t index, const Sample& sample);

  /// After the last sample: compares what was written with the checksums, flushes, renames.
  /// Throws Error(io); Error(corrupt) if what was read is not what was written.
  void finish();

 private:
  void write_at(size_t offset, const void* data, size_t num_bytes) const;
  std::filesystem::path path_;
  common::AtomicFile atomic_file_;  // its temporary file is what the others write to
  ShardLayout layout_;
  common::FileDescriptor file_;
  std::vector<Origin> origins_;             // each element written by the thread of its sample
  std::vector<SampleChecksums> checksums_;  // the same
};

}  // namespace dataset
