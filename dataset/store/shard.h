#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "common/files.h"
#include "dataset/store/shard_file.h"

namespace dataset {

/// One shard, opened for reading. HDF5 is asked for the offsets once; samples are read with
/// pread(2), without a lock, by any number of threads.
class Shard {
 public:
  /// Throws Error(io), or Error(corrupt) if it is not a whole shard.
  explicit Shard(std::filesystem::path path);

  int64_t samples() const { return layout_.samples; }
  int64_t patch() const { return layout_.patch; }
  const std::string& about() const { return layout_.about; }

  /// XXH3-64 of /xxh3: changes with every byte of every sample.
  uint64_t checksum() const;

  /// clean [3,P,P], aged [P,P], damage [P,P]. Thread-safe.
  /// A sample is compared with its checksums when it is first read, and every fourth time after.
  /// Throws Error(corrupt) if a checksum differs, naming file, array and sample.
  void read(int64_t index, uint8_t* clean, uint8_t* aged, uint8_t* damage) const;

  /// Asks the system to fetch a sample that will be read soon. Returns at once; thread-safe.
  void will_read(int64_t index) const;

  Origin origin(int64_t index) const;

  /// Reads everything; one line for each array of each sample that has changed.
  std::vector<std::string> defects() const;

 private:
  void read_array(ShardArray array, int64_t index, void* data) const;
  std::string defect(ShardArray array, int64_t index) const;
  bool is_to_be_checked(int64_t index) const;
  std::filesystem::path path_;
  ShardLayout layout_;
  common::FileDescriptor file_;
  std::vector<SampleChecksums> checksums_;
  std::unique_ptr<std::atomic<uint8_t>[]> num_reads_;  // of each sample, modulo 256
};

}  // namespace dataset
