#include "imaging/metadata/maker_note.h"

#include <optional>
#include <vector>

#include "imaging/metadata/exif_tags.h"

namespace imaging {
namespace {

/// Blocks of EXIF are at most this long in JPEG. A note further behind comes from a TIFF file.
constexpr uint64_t kEndOfBlocks = 65000;

/// Where in `note` the offsets stand of the directory at `begin`, if it is one of a note that lay
/// at `old_offset`.
std::optional<std::vector<size_t>> offsets_in(std::string_view note, size_t begin, ByteOrder order,
                                              uint64_t old_offset) {
  const auto number = [&](size_t at, size_t num_bytes) {
    return number_of(note.substr(at, num_bytes), order);
  };
  if (note.size() < begin + 2) return {};
  const uint64_t count = number(begin, 2);
  if (count == 0 || note.size() < begin + 2 + count * 12) return {};
  std::vector<size_t> places;
  for (size_t at = begin + 2; at < begin + 2 + count * 12; at += 12) {
    const size_t unit = value_bytes(static_cast<uint16_t>(number(at + 2, 2)));
    if (unit == 0) return {};
    const uint64_t size = number(at + 4, 4) * unit, offset = number(at + 8, 4);
    if (size <= 4) continue;
    if (offset < old_offset + begin || offset + size > old_offset + note.size()) return {};
    places.push_back(at + 8);
  }
  return places;
}

/// Canon's notes end with a TIFF header that says where the note was written first.
void move_footer(std::string& note, uint64_t old_offset, uint64_t new_offset) {
  if (note.size() < 8) return;
  const size_t at = note.size() - 8;
  for (const ByteOrder order : {ByteOrder::little, ByteOrder::big}) {
    const std::string mark =
        order == ByteOrder::big ? std::string("MM\0\x2a", 4) : std::string("II\x2a\0", 4);
    if (note.substr(at) == mark + bytes_of(old_offset, 4, order)) {
      note.replace(at + 4, 4, bytes_of(new_offset, 4, order));
    }
  }
}

}  // namespace

void keep_place_of_maker_note(const ExifTree& tree, TiffLayout& layout) {
  const auto note = tree.exif.find(exif_tags::kMakerNote);
  if (note == tree.exif.end()) return;
  const uint64_t offset = note->second.offset;
  const uint64_t size = note->second.bytes.size() + note->second.behind.size();
  if (offset < layout.bytes().size() || offset + size > kEndOfBlocks) return;
  layout.keep_free(offset, size);
}

std::string maker_note_entry(const Field& note, TiffLayout& layout) {
  const uint64_t size = note.bytes.size();
  const bool stays = layout.is_kept_free(note.offset);
  const uint64_t offset = stays ? note.offset : layout.reserve(size + note.behind.size());
  Field moved = note;
  moved.bytes = moved_maker_note(note.bytes, note.offset, offset);
  layout.put(offset + size, note.behind);
  return layout.entry(moved, offset);
}

std::string moved_maker_note(std::string note, uint64_t old_offset, uint64_t new_offset) {
  if (old_offset == 0 || old_offset == new_offset || new_offset + note.size() > UINT32_MAX)
    return note;
  // The directory comes first (Canon) or behind the maker's name (Panasonic, Sony and others).
  for (const size_t begin : {size_t{0}, size_t{6}, size_t{8}, size_t{10}, size_t{12}}) {
    for (const ByteOrder order : {ByteOrder::little, ByteOrder::big}) {
      const auto places = offsets_in(note, begin, order, old_offset);
      if (!places || places->empty()) continue;
      for (const size_t at : *places) {
        const uint64_t offset = number_of(std::string_view(note).substr(at, 4), order);
        note.replace(at, 4, bytes_of(offset - old_offset + new_offset, 4, order));
      }
      move_footer(note, old_offset, new_offset);
      return note;
    }
  }
  return note;
}

}  // namespace imaging
