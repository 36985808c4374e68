#include "imaging/metadata/tiff_structure.h"

#include <algorithm>

#include "common/error.h"

namespace imaging {
namespace {

[[noreturn]] void refuse(const std::string& message) {
  throw common::Error(common::ErrorKind::corrupt, message);
}

/// The 64-bit types of BigTIFF and their counterparts everywhere else.
uint16_t narrow_type(uint16_t type) {
  switch (type) {
    case 16: return kLong;
    case 17: return 9;
    case 18: return 13;
    default: return type;
  }
}

void narrow(Field& field, ByteOrder order) {
  std::string narrowed;
  for (size_t at = 0; at < field.bytes.size(); at += 8) {
    const uint64_t value = number_of(std::string_view(field.bytes).substr(at, 8), order);
    const bool fits = field.type == 17 ? static_cast<int64_t>(value) == static_cast<int32_t>(value)
                                       : value <= UINT32_MAX;
    if (!fits) refuse("a value has more than 32 bits");
    narrowed += bytes_of(value, 4, order);
  }
  field.bytes = narrowed;
  field.type = narrow_type(field.type);
}

}  // namespace

size_t value_bytes(uint16_t type) {
  constexpr uint16_t kUtf8 = 129;
  constexpr size_t kBytes[] = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8};
  if (type == kUtf8) return 1;
  return type < std::size(kBytes) ? kBytes[type] : 0;
}

size_t element_bytes(uint16_t type) {
  constexpr uint16_t kSignedRational = 10;
  return type == kRational || type == kSignedRational ? 4 : value_bytes(type);
}

TiffHeader read_tiff_header(const ByteSource& source) {
  const std::string start = source.read_at_most(0, 16);
  TiffHeader header;
  if (start.starts_with("MM")) {
    header.form.order = ByteOrder::big;
  } else if (!start.starts_with("II")) {
    refuse("it does not begin as TIFF does");
  }
  const auto number = [&](size_t at, size_t num_bytes) {
    if (start.size() < at + num_bytes) refuse("it is cut short");
    return number_of(std::string_view(start).substr(at, num_bytes), header.form.order);
  };
  header.form.big = number(2, 2) == 43;
  if (!header.form.big && number(2, 2) != 42) refuse("it does not begin as TIFF does");
  header.first_directory = header.form.big ? number(8, 8) : number(4, 4);
  return header;
}

RawDirectory read_directory(const ByteSource& source, const TiffForm& form, uint64_t offset) {
  const size_t count_bytes = form.big ? 8 : 2;
  const uint64_t count = number_of(source.read(offset, count_bytes), form.order);
  if (count > UINT16_MAX) refuse("a directory has implausibly many entries");
  const size_t entries_bytes = static_cast<size_t>(count) * form.entry_bytes();
  // Some writers of EXIF leave the offset of the next directory out at the end of the block.
  std::string bytes =
      source.read_at_most(offset + count_bytes, entries_bytes + form.offset_bytes());
  if (bytes.size() < entries_bytes) refuse("a directory is cut short");
  bytes.resize(entries_bytes + form.offset_bytes());
  RawDirectory directory;
  for (size_t at = 0; at < entries_bytes; at += form.entry_bytes()) {
    const std::string entry = bytes.substr(at, form.entry_bytes());
    const auto tag = static_cast<uint16_t>(number_of(entry.substr(0, 2), form.order));
    directory.entries.emplace(tag, entry);  // the first of equals, as libtiff takes it
  }
  directory.next = number_of(bytes.substr(entries_bytes), form.order);
  return directory;
}

Field read_field(const ByteSource& source, const TiffForm& form, const std::string& entry,
                 uint64_t most_bytes) {
  const auto number = [&](size_t at, size_t num_bytes) {
    return number_of(std::string_view(entry).substr(at, num_bytes), form.order);
  };
  Field field;
  field.tag = static_cast<uint16_t>(number(0, 2));
  field.type = static_cast<uint16_t>(number(2, 2));
  field.count = number(4, form.offset_bytes());
  const size_t unit = value_bytes(field.type);
  if (unit == 0) refuse("a value has an unknown type");
  if (field.count > most_bytes / unit) refuse("there are implausibly large values");
  const size_t size = static_cast<size_t>(field.count) * unit;
  const size_t place = 4 + form.offset_bytes();
  if (size <= form.offset_bytes()) {
    field.bytes = entry.substr(place, size);
  } else {
    field.offset = number(place, form.offset_bytes());
    field.bytes = source.read(field.offset, size);
  }
  if (narrow_type(field.type) != field.type) narrow(field, form.order);
  return field;
}

void TiffLayout::keep_free(uint64_t offset, uint64_t num_bytes) {
  free_begin_ = offset;
  free_end_ = offset + num_bytes;
}

uint64_t TiffLayout::reserve(uint64_t num_bytes) {
  end_ += end_ & 1;
  if (end_ < free_end_ && end_ + num_bytes > free_begin_) end_ = free_end_ + (free_end_ & 1);
  const uint64_t offset = end_;
  end_ += num_bytes;
  bytes_.resize(std::max<size_t>(bytes_.size(), static_cast<size_t>(end_ - begin_)));
  return offset;
}

void TiffLayout::put(uint64_t offset, std::string_view bytes) {
  const auto at = static_cast<size_t>(offset - begin_);
  bytes_.resize(std::max(bytes_.size(), at + bytes.size()));
  bytes.copy(bytes_.data() + at, bytes.size());
}

std::string TiffLayout::entry(const Field& field, std::optional<uint64_t> value_offset) {
  std::string entry = bytes_of(field.tag, 2, form_.order) + bytes_of(field.type, 2, form_.order) +
                      bytes_of(field.count, form_.offset_bytes(), form_.order);
  if (field.bytes.size() <= form_.offset_bytes()) {
    entry += field.bytes;
    entry.resize(form_.entry_bytes());
    return entry;
  }
  const uint64_t offset = value_offset ? *value_offset : reserve(field.bytes.size());
  put(offset, field.bytes);
  return entry + bytes_of(offset, form_.offset_bytes(), form_.order);
}

void TiffLayout::put_directory(uint64_t offset, const RawDirectory& directory) {
  std::string bytes = bytes_of(directory.entries.size(), form_.big ? 8 : 2, form_.order);
  for (const auto& [tag, entry] : directory.entries) bytes += entry;
  put(offset, bytes + bytes_of(directory.next, form_.offset_bytes(), form_.order));
}

}  // namespace imaging
