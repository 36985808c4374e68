#include "imaging/tiff_directory.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <set>

#include "common/error.h"

namespace imaging {
namespace {

constexpr size_t kMostPages = 1024, kMostEntries = 1024, kMostValues = 64;

enum Tag : uint16_t {
  kNewSubfileType = 254,
  kSubfileType = 255,
  kWidth = 256,
  kHeight = 257,
  kBits = 258,
  kCompression = 259,
  kPhotometric = 262,
  kMake = 271,
  kSamples = 277,
  kRowsPerStrip = 278,
  kPlanar = 284,
  kTileWidth = 322,
  kSubIfds = 330,
  kInkSet = 332,
  kNumberOfInks = 334,
  kExtraSamples = 338,
  kSampleFormat = 339,
  kDngVersion = 50706,
};

/// The directories of one file.
class TiffReader {
 public:
  explicit TiffReader(const common::FileDescriptor& file) : file_(file) {}

  std::vector<TiffPicture> read() {
    const std::string head = read_bytes(file_, 0, 16);
    if (!head.starts_with("II") && !head.starts_with("MM")) return {};
    is_big_endian_ = head[0] == 'M';
    const uint64_t version = number(head, 2, 2);
    is_big_ = version == 43;
    if (head.size() < 8 || (version != 42 && !is_big_)) return {};
    uint64_t offset = is_big_ ? number(head, 8, 8) : number(head, 4, 4);
    for (int page = 0; offset != 0 && pictures_.size() < kMostPages; ++page) {
      std::vector<uint64_t> below;
      offset = read_directory(offset, {.page = page}, &below);
      for (size_t i = 0; i < below.size(); ++i) {
        read_directory(below[i], {.page = page, .subifd = static_cast<int>(i)}, nullptr);
      }
    }
    return std::move(pictures_);
  }

 private:
  struct Entry {
    uint64_t tag = 0, type = 0, count = 0;
    int64_t place = 0;  // of its first value in the file
    size_t value_bytes = 0;
  };

  uint64_t number(const std::string& bytes, size_t at, size_t count) const {
    uint64_t value = 0;
    for (size_t i = 0; i < count && at + i < bytes.size(); ++i) {
      const auto byte = static_cast<uint64_t>(static_cast<uint8_t>(bytes[at + i]));
      value |= byte << (8 * (is_big_endian_ ? count - 1 - i : i));
    }
    return value;
  }

  /// Returns where the next directory is; 0: nowhere.
  uint64_t read_directory(uint64_t offset, TiffPicture picture, std::vector<uint64_t>* below) {
    if (offset > INT64_MAX / 2 || !seen_.insert(offset).second) return 0;  // a loop
    const size_t count_bytes = is_big_ ? 8 : 2, entry_bytes = is_big_ ? 20 : 12;
    const auto start = static_cast<int64_t>(offset);
    const uint64_t count = number(read_bytes(file_, start, count_bytes), 0, count_bytes);
    if (count == 0 || count > kMostEntries) return 0;
    const int64_t entries_at = start + static_cast<int64_t>(count_bytes);
    const std::string bytes = read_bytes(file_, entries_at, count * entry_bytes + 8);
    for (size_t i = 0; (i + 1) * entry_bytes <= bytes.size() && i < count; ++i) {
      take(entry_at(bytes, i * entry_bytes, entries_at), picture, below);
    }
    pictures_.push_back(std::move(picture));
    return number(bytes, count * entry_bytes, is_big_ ? 8 : 4);
  }

  Entry entry_at(const std::string& bytes, size_t at, int64_t start) const {
    const size_t word = is_big_ ? 8 : 4;
    Entry entry{number(bytes, at, 2), number(bytes, at + 2, 2), number(bytes, at + 4, word), 0, 0};
    entry.value_bytes = bytes_of(entry.type);
    const size_t value_at = at + 4 + word;
    const bool fits = entry.value_bytes > 0 && entry.count <= word / entry.value_bytes;
    entry.place = fits ? start + static_cast<int64_t>(value_at)
                       : static_cast<int64_t>(number(bytes, value_at, word) & INT64_MAX);
    return entry;
  }

  static size_t bytes_of(uint64_t type) {
    switch (type) {
      case 1:
      case 2:
      case 6:
      case 7: return 1;
      case 3:
      case 8: return 2;
      case 4:
      case 9:
      case 11:
      case 13: return 4;
      case 5:
      case 10:
      case 12:
      case 16:
      case 17:
      case 18: return 8;
      default: return 0;
    }
  }

  std::vector<uint64_t> values(const Entry& entry) const {
    std::vector<uint64_t> values;
    if (entry.value_bytes == 0) return values;
    const size_t count = std::min<uint64_t>(entry.count, kMostValues);
    const std::string bytes = read_bytes(file_, entry.place, count * entry.value_bytes);
    for (size_t at = 0; at + entry.value_bytes <= bytes.size(); at += entry.value_bytes) {
      values.push_back(number(bytes, at, entry.value_bytes));
    }
    return values;
  }

  static bool is_of_use(uint64_t tag) {
    return tag <= kExtraSamples || tag == kSampleFormat || tag == kDngVersion;
  }

  void take(const Entry& entry, TiffPicture& picture, std::vector<uint64_t>* below) const {
    if (!is_of_use(entry.tag)) return;
    const std::vector<uint64_t> all = values(entry);
    if (all.empty()) return;
    const auto value = static_cast<int64_t>(all[0] & UINT32_MAX);
    const auto small = static_cast<int>(all[0] & UINT16_MAX);
    switch (entry.tag) {
      case kNewSubfileType:
        picture.is_reduced = picture.is_reduced || (all[0] & 1) != 0;
        picture.is_mask = (all[0] & 4) != 0;
        break;
      case kSubfileType: picture.is_reduced = picture.is_reduced || all[0] == 2; break;
      case kWidth: picture.width = value; break;
      case kHeight: picture.height = value; break;
      case kBits:
        picture.bits = std::equal(all.begin() + 1, all.end(), all.begin()) ? small : -1;
        break;
      case kCompression: picture.compression = small; break;
      case kPhotometric: picture.photometric = small; break;
      case kMake:
        picture.make = read_bytes(file_, entry.place, std::min<uint64_t>(entry.count, 32));
        break;
      case kSamples: picture.samples = small; break;
      case kRowsPerStrip: picture.rows_per_strip = value; break;
      case kPlanar: picture.is_planar = all[0] == 2; break;
      case kTileWidth: picture.is_tiled = true; break;
      case kSubIfds:
        if (below != nullptr) *below = all;
        break;
      case kInkSet: picture.has_other_inks = picture.has_other_inks || all[0] == 2; break;
      case kNumberOfInks: picture.has_other_inks = picture.has_other_inks || all[0] != 4; break;
      case kExtraSamples:
        for (size_t i = 0; i < all.size(); ++i) {
          picture.extra_samples.push_back(static_cast<int>(all[i] & 0xFF));
          const size_t low = is_big_endian_ ? entry.value_bytes - 1 : 0;
          picture.extra_places.push_back(entry.place +
                                         static_cast<int64_t>(i * entry.value_bytes + low));
        }
        break;
      case kSampleFormat: picture.sample_format = small; break;
      case kDngVersion: picture.has_dng_version = true; break;
      default: break;
    }
  }

  const common::FileDescriptor& file_;
  bool is_big_endian_ = false, is_big_ = false;
  std::set<uint64_t> seen_;
  std::vector<TiffPicture> pictures_;
};

}  // namespace

std::string read_bytes(const common::FileDescriptor& file, int64_t offset, size_t count) {
  std::string bytes(count, '\0');
  size_t got = 0;
  while (got < count) {
    const ssize_t more = ::pread(file.get(), bytes.data() + got, count - got,
                                 static_cast<off_t>(offset + static_cast<int64_t>(got)));
    if (more < 0 && errno == EINTR) continue;
    if (more <= 0) break;
    got += static_cast<size_t>(more);
  }
  bytes.resize(got);
  return bytes;
}

void mark_extra_samples(const std::filesystem::path& path, bool has_alpha) {
  const common::FileDescriptor file = common::open_file(path, O_RDWR);
  const auto pictures = read_tiff_pictures(file);
  if (pictures.empty()) return;
  const auto& places = pictures.front().extra_places;
  for (size_t i = 0; i < places.size(); ++i) {
    const char kind = i == 0 && has_alpha ? 2 : 0;
    if (::pwrite(file.get(), &kind, 1, static_cast<off_t>(places[i])) != 1) {
      throw common::io_error("cannot write", path);
    }
  }
}

std::vector<TiffPicture> read_tiff_pictures(const common::FileDescriptor& file) {
  return TiffReader(file).read();
}

}  // namespace imaging
