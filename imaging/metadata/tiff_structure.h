#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "imaging/metadata/bytes.h"

namespace imaging {

/// One of the four ways to write a TIFF structure, be it a file or a block of EXIF.
/// Source: TIFF 6.0, 1992, section 2; BigTIFF as libtiff writes it.
struct TiffForm {
  ByteOrder order = ByteOrder::little;
  bool big = false;  ///< BigTIFF: offsets and counts of 64 bits

  size_t offset_bytes() const { return big ? 8 : 4; }  ///< also what a value has place for
  size_t entry_bytes() const { return big ? 20 : 12; }
  size_t header_bytes() const { return big ? 16 : 8; }
  size_t directory_bytes(size_t num_entries) const {
    return (big ? 8 : 2) + num_entries * entry_bytes() + offset_bytes();
  }
};

/// The types of values, as far as they are named here.
enum TiffType : uint16_t { kByte = 1, kAscii = 2, kShort = 3, kLong = 4, kRational = 5 };
inline constexpr uint16_t kUndefined = 7;

/// Of one value; 0 for a type that no standard names.
size_t value_bytes(uint16_t type);
/// Of what is turned round together for the other byte order: half of a rational.
size_t element_bytes(uint16_t type);

/// One tag with its value, whose bytes are in the order of the structure.
struct Field {
  uint16_t tag = 0;
  uint16_t type = kUndefined;
  uint64_t count = 0;
  std::string bytes;
  uint64_t offset = 0;      ///< where `bytes` lay
  std::string behind = "";  ///< of maker notes: what lay there
};

/// A directory of a TIFF file as it stands there: tag -> entry, and where the next directory is.
struct RawDirectory {
  std::map<uint16_t, std::string> entries;
  uint64_t next = 0;
};

struct TiffHeader {
  TiffForm form;
  uint64_t first_directory = 0;
};

/// All throw Error(corrupt) for bytes that are no TIFF structure.
TiffHeader read_tiff_header(const ByteSource& source);
RawDirectory read_directory(const ByteSource& source, const TiffForm& form, uint64_t offset);
/// `entry` as in RawDirectory, its value of at most `most_bytes`. Types of 64 bits are narrowed
/// to 32.
Field read_field(const ByteSource& source, const TiffForm& form, const std::string& entry,
                 uint64_t most_bytes);

/// Lays values and directories out behind each other, from the offset `begin` on.
class TiffLayout {
 public:
  TiffLayout(const TiffForm& form, uint64_t begin) : form_(form), begin_(begin), end_(begin) {}

  const TiffForm& form() const { return form_; }
  const std::string& bytes() const { return bytes_; }  ///< from `begin` on

  /// Keeps [offset, offset + num_bytes), which nothing must have been laid on yet, for `put`.
  void keep_free(uint64_t offset, uint64_t num_bytes);
  bool is_kept_free(uint64_t offset) const { return free_end_ > 0 && offset == free_begin_; }
  /// The offset of `num_bytes` zeros, even as TIFF asks for.
  uint64_t reserve(uint64_t num_bytes);
  void put(uint64_t offset, std::string_view bytes);

  /// The entry of a directory for `field`, whose value is laid out where it has no place in it;
  /// at `value_offset` if that is given.
  std::string entry(const Field& field, std::optional<uint64_t> value_offset = {});
  /// In a place that was reserved, form().directory_bytes(...) large.
  void put_directory(uint64_t offset, const RawDirectory& directory);

 private:
  TiffForm form_;
  uint64_t begin_, end_;
  uint64_t free_begin_ = 0, free_end_ = 0;
  std::string bytes_;
};

}  // namespace imaging
