#include "imaging/metadata/splice.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "common/error.h"
#include "imaging/temporary_file.h"

namespace imaging {
namespace {

namespace fs = std::filesystem;

/// Where the kernel cannot: between some file systems, on old ones.
void copy_by_hand(const common::FileDescriptor& from, const common::FileDescriptor& to,
                  uint64_t begin, uint64_t end, const fs::path& path) {
  std::string buffer(size_t{1} << 20, '\0');
  while (begin < end) {
    const size_t size = std::min<size_t>(buffer.size(), end - begin);
    common::read_exactly(from, buffer.data(), size, begin, path);
    common::write_all(to, buffer.data(), size, path);
    begin += size;
  }
}

void copy(const common::FileDescriptor& from, const common::FileDescriptor& to, uint64_t begin,
          uint64_t end, const fs::path& path) {
  while (begin < end) {
    auto offset = static_cast<loff_t>(begin);
    const ssize_t copied = copy_file_range(from.get(), &offset, to.get(), nullptr, end - begin, 0);
    if (copied < 0 && errno == EINTR) continue;
    if (copied < 0 && (errno == ENOSPC || errno == EFBIG || errno == EIO || errno == EDQUOT)) {
      throw common::io_error("cannot write", path);
    }
    if (copied <= 0) return copy_by_hand(from, to, begin, end, path);
    begin += static_cast<uint64_t>(copied);
  }
}

}  // namespace

void Splice::keep(uint64_t begin, uint64_t end) {
  if (begin < end) pieces_.push_back({"", begin, end});
}

void Splice::replace() const {
  TemporaryFile replacement(path_);
  const common::FileDescriptor from = common::open_file(path_, O_RDONLY);
  const common::FileDescriptor to =
      common::open_file(replacement.path(), O_WRONLY | O_CREAT | O_TRUNC);
  for (const Piece& piece : pieces_) {
    common::write_all(to, piece.bytes.data(), piece.bytes.size(), path_);
    copy(from, to, piece.begin, piece.end, path_);
  }
  replacement.keep();
}

}  // namespace imaging
