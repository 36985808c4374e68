#include "dataset/store/shard.h"

#include <fcntl.h>

#include "common/error.h"
#include "common/hash.h"

namespace dataset {

Shard::Shard(std::filesystem::path path)
    : path_(std::move(path)),
      layout_(read_shard_file(path_)),
      file_(common::open_file(path_, O_RDONLY)),
      checksums_(static_cast<size_t>(layout_.samples)),
      num_reads_(std::make_unique<std::atomic<uint8_t>[]>(checksums_.size())) {
  common::read_exactly(file_, checksums_.data(), checksums_.size() * sizeof(SampleChecksums),
                       layout_.place(ShardArray::xxh3).offset, path_);
}

uint64_t Shard::checksum() const {
  return common::xxh3(checksums_.data(), checksums_.size() * sizeof(SampleChecksums));
}

void Shard::read_array(ShardArray array, int64_t index, void* data) const {
  common::read_exactly(file_, data, layout_.place(array).sample_bytes, layout_.offset(array, index),
                       path_);
}

std::string Shard::defect(ShardArray array, int64_t index) const {
  return path_.string() + ": " + to_string(array) + " of sample " + std::to_string(index) +
         " does not match its checksum";
}

/// A sample is read once in an epoch. A hash each time would add a fifth to reading from the page
/// cache. Every fourth time still finds a disk that fails during a run, within a few epochs. The
/// index spreads the checks evenly over the epochs.
bool Shard::is_to_be_checked(int64_t index) const {
  const auto sample = static_cast<size_t>(index);
  const unsigned before = num_reads_[sample].load(std::memory_order_relaxed);
  return before == 0 || (before + sample) % 4 == 0;
}

void Shard::will_read(int64_t index) const {
  for (const ShardArray array : {ShardArray::clean, ShardArray::aged, ShardArray::damage}) {
    ::posix_fadvise(file_.get(), static_cast<off_t>(layout_.offset(array, index)),
                    static_cast<off_t>(layout_.place(array).sample_bytes), POSIX_FADV_WILLNEED);
  }
}

void Shard::read(int64_t index, uint8_t* clean, uint8_t* aged, uint8_t* damage) const {
  const bool checked = is_to_be_checked(index);
  const std::array<uint8_t*, 3> pictures{clean, aged, damage};
  for (size_t i = 0; i < pictures.size(); ++i) {
    const auto array = static_cast<ShardArray>(i);
    read_array(array, index, pictures[i]);
    if (checked && common::xxh3(pictures[i], layout_.place(array).sample_bytes) !=
                       checksums_[static_cast<size_t>(index)][i]) {
      throw common::corrupt_error(defect(array, index) +
                                  "; delete the file and run the restore-shard "
                                  "command of its store again: it makes this "
                                  "shard again");
    }
  }
  // Not before: another thread that reads it meanwhile would take it for compared.
  num_reads_[static_cast<size_t>(index)].fetch_add(1, std::memory_order_relaxed);
}

Origin Shard::origin(int64_t index) const {
  Origin origin;
  read_array(ShardArray::origin, index, &origin);
  return origin;
}

std::vector<std::string> Shard::defects() const {
  std::vector<std::string> found;
  const auto plane = static_cast<size_t>(patch() * patch());
  std::vector<uint8_t> pixels(5 * plane);
  uint8_t* const clean = pixels.data();
  uint8_t* const aged = clean + 3 * plane;
  uint8_t* const damage = aged + plane;
  for (int64_t index = 0; index < samples(); ++index) {
    read_array(ShardArray::clean, index, clean);
    read_array(ShardArray::aged, index, aged);
    read_array(ShardArray::damage, index, damage);
    const auto sums = checksums_of({clean, aged, damage, origin(index)}, patch());
    for (size_t i = 0; i < sums.size(); ++i) {
      if (sums[i] == checksums_[static_cast<size_t>(index)][i]) continue;
      found.push_back(defect(static_cast<ShardArray>(i), index));
    }
  }
  return found;
}

}  // namespace dataset
