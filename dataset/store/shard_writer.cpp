#include "dataset/store/shard_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "common/error.h"
#include "dataset/store/shard.h"

namespace dataset {
namespace fs = std::filesystem;
using common::Error;
using common::ErrorKind;

ShardWriter::ShardWriter(fs::path path, int64_t samples, int64_t patch, const std::string& about)
    : path_(std::move(path)),
      atomic_file_(path_),
      origins_(static_cast<size_t>(samples)),
      checksums_(static_cast<size_t>(samples)) {
  create_shard_file(atomic_file_.temporary(), samples, patch, about);
  layout_ = read_shard_file(atomic_file_.temporary());
  file_ = common::open_file(atomic_file_.temporary(), O_RDWR);
}

void ShardWriter::write_at(size_t offset, const void* data, size_t num_bytes) const {
  const char* next = static_cast<const char*>(data);
  while (num_bytes > 0) {
    const ssize_t written = ::pwrite(file_.get(), next, num_bytes, static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      throw Error(ErrorKind::io, "cannot write the shard " + path_.string() + ": " +
                                     std::strerror(errno) +
                                     "; make room and run the same command again: finished shards "
                                     "are kept");
    }
    next += written;
    offset += static_cast<size_t>(written);
    num_bytes -= static_cast<size_t>(written);
  }
}

void ShardWriter::write(int64_t index, const Sample& sample) {
  const auto write_array = [&](ShardArray array, const void* data) {
    write_at(layout_.offset(array, index), data, layout_.place(array).sample_bytes);
  };
  write_array(ShardArray::clean, sample.clean);
  write_array(ShardArray::aged, sample.aged);
  write_array(ShardArray::damage, sample.damage);
  // Asked to write now, the disk works while others are aged; fsync(2) at the end finds little
  // left.
  for (const ShardArray array : {ShardArray::clean, ShardArray::aged, ShardArray::damage}) {
    ::sync_file_range(file_.get(), static_cast<off_t>(layout_.offset(array, index)),
                      static_cast<off_t>(layout_.place(array).sample_bytes), SYNC_FILE_RANGE_WRITE);
  }
  origins_[static_cast<size_t>(index)] = sample.origin;
  checksums_[static_cast<size_t>(index)] = checksums_of(sample, layout_.patch);
}

void ShardWriter::finish() {
  write_at(layout_.place(ShardArray::origin).offset, origins_.data(),
           origins_.size() * sizeof(Origin));
  write_at(layout_.place(ShardArray::xxh3).offset, checksums_.data(),
           checksums_.size() * sizeof(SampleChecksums));
  const std::vector<std::string> defects = Shard(atomic_file_.temporary()).defects();
  if (!defects.empty()) {
    throw common::corrupt_error(defects.front() +
                                ", just after it was written: check the disk and the memory");
  }
  atomic_file_.commit();
}

}  // namespace dataset
