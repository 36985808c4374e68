#include "checkpoints/sequential_reader.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <exception>
#include <future>
#include <thread>

#include "common/error.h"

namespace checkpoints {
namespace {

constexpr uint64_t kReadBytes = uint64_t{2} << 20;    // still in the cache when it is hashed
constexpr uint64_t kAheadBytes = uint64_t{32} << 20;  // asked of the disk before it is needed
constexpr size_t kThreads = 2;

}  // namespace

SequentialReader::SequentialReader(std::filesystem::path path, common::Xxh3Stream* checksum)
    : path_(std::move(path)), file_(common::open_file(path_, O_RDONLY)), checksum_(checksum) {
  struct stat status {};
  if (::fstat(file_.get(), &status) != 0) throw common::io_error("cannot read", path_);
  if (!S_ISREG(status.st_mode)) {
    throw common::Error(common::ErrorKind::io, "cannot read " + path_.string() + ": not a file");
  }
  file_bytes_ = static_cast<uint64_t>(status.st_size);
}

void SequentialReader::read(void* data, uint64_t num_bytes) {
  common::read_exactly(file_, data, num_bytes, offset_, path_);
  if (checksum_ != nullptr) checksum_->update(data, num_bytes);
  offset_ += num_bytes;
}

void SequentialReader::read(std::span<const Target> targets) {
  const std::vector<Piece> pieces = next_pieces(targets);
  std::vector<std::promise<void>> promises(pieces.size());
  std::vector<std::future<void>> done;
  for (auto& promise : promises) done.push_back(promise.get_future());
  const auto read_every_nth = [&](size_t first) {
    for (size_t i = first; i < pieces.size(); i += kThreads) {
      try {
        read_piece(pieces[i]);
        promises[i].set_value();
      } catch (...) {
        promises[i].set_exception(std::current_exception());
      }
    }
  };
  std::vector<std::jthread> readers;  // joined before what they use goes, also by an exception
  for (size_t first = 0; first < kThreads; ++first) readers.emplace_back(read_every_nth, first);
  for (size_t i = 0; i < pieces.size(); ++i) {
    done[i].get();
    if (checksum_ != nullptr) checksum_->update(pieces[i].target.data, pieces[i].target.num_bytes);
  }
}

std::vector<SequentialReader::Piece> SequentialReader::next_pieces(
    std::span<const Target> targets) {
  std::vector<Piece> pieces;
  for (const Target& target : targets) {
    for (uint64_t first = 0; first < target.num_bytes; first += kReadBytes) {
      const uint64_t length = std::min(kReadBytes, target.num_bytes - first);
      pieces.push_back({{target.data + first, length}, offset_});
      offset_ += length;
    }
  }
  return pieces;
}

/// The kernel's own window is too short to keep the disk busy while pieces are copied and hashed.
void SequentialReader::read_piece(const Piece& piece) const {
  ::posix_fadvise(file_.get(), static_cast<off_t>(piece.offset + kAheadBytes), kReadBytes,
                  POSIX_FADV_WILLNEED);
  common::read_exactly(file_, piece.target.data, piece.target.num_bytes, piece.offset, path_);
}

}  // namespace checkpoints
