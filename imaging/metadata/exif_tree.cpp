#include "imaging/metadata/exif_tree.h"

#include <algorithm>

#include "imaging/metadata/exif_tags.h"
#include "imaging/metadata/maker_note.h"

namespace imaging {
namespace {

namespace tags = exif_tags;

uint64_t lay_out_directory(const Directory& directory, std::map<uint16_t, std::string> entries,
                           TiffLayout& layout) {
  const uint64_t at =
      layout.reserve(layout.form().directory_bytes(directory.size() + entries.size()));
  for (const auto& [tag, field] : directory) {
    if (tag == tags::kMakerNote) continue;
    entries[tag] = layout.entry(field);
  }
  if (const auto note = directory.find(tags::kMakerNote); note != directory.end()) {
    entries[tags::kMakerNote] = maker_note_entry(note->second, layout);
  }
  layout.put_directory(at, {entries, 0});
  return at;
}

Field pointer_to(uint64_t offset, uint16_t tag, const TiffForm& form) {
  const size_t size = form.offset_bytes();
  constexpr uint16_t kLong8 = 16;
  return {tag, form.big ? kLong8 : uint16_t{kLong}, 1, bytes_of(offset, size, form.order), 0};
}

std::string block_of(const ExifTree& tree) {
  const TiffForm form{tree.order, false};
  const uint64_t image_at = form.header_bytes();
  TiffLayout layout(form, 0);
  layout.reserve(image_at);
  layout.put(0, tree.order == ByteOrder::big ? std::string_view("MM\0\x2a", 4) : "II\x2a");
  layout.put(4, bytes_of(image_at, 4, tree.order));
  layout.reserve(form.directory_bytes(tree.image.size() + 2));
  keep_place_of_maker_note(tree, layout);
  layout.put_directory(image_at, {lay_out(tree, layout), 0});
  return layout.bytes();
}

/// Takes fields out, the largest first, until at least `num_bytes` are saved. Returns how many.
size_t shrink(ExifTree& tree, size_t num_bytes) {
  struct Place {
    size_t bytes;
    uint16_t tag;
    Directory* directory;
  };
  std::vector<Place> places;
  for (Directory* directory : {&tree.image, &tree.exif, &tree.gps, &tree.interop}) {
    for (const auto& [tag, field] : *directory) {
      places.push_back({12 + field.bytes.size(), tag, directory});
    }
  }
  std::stable_sort(places.begin(), places.end(),
                   [](const Place& a, const Place& b) { return a.bytes > b.bytes; });
  size_t saved = 0, num_fields = 0;
  for (; saved < num_bytes && num_fields < places.size(); ++num_fields) {
    saved += places[num_fields].bytes;
    places[num_fields].directory->erase(places[num_fields].tag);
  }
  return num_fields;
}

}  // namespace

std::map<uint16_t, std::string> lay_out(const ExifTree& tree, TiffLayout& layout) {
  const TiffForm& form = layout.form();
  std::map<uint16_t, std::string> entries, exif_entries;
  for (const auto& [tag, field] : tree.image) entries[tag] = layout.entry(field);
  if (!tree.interop.empty()) {
    const uint64_t at = lay_out_directory(tree.interop, {}, layout);
    exif_entries[tags::kInterop] = layout.entry(pointer_to(at, tags::kInterop, form));
  }
  if (!tree.exif.empty() || !exif_entries.empty()) {
    const uint64_t at = lay_out_directory(tree.exif, exif_entries, layout);
    entries[tags::kExif] = layout.entry(pointer_to(at, tags::kExif, form));
  }
  if (!tree.gps.empty()) {
    const uint64_t at = lay_out_directory(tree.gps, {}, layout);
    entries[tags::kGps] = layout.entry(pointer_to(at, tags::kGps, form));
  }
  return entries;
}

std::string exif_block(ExifTree tree, size_t most_bytes, std::vector<std::string>& notes) {
  std::string block = block_of(tree);
  size_t num_left_out = 0;
  for (; block.size() > most_bytes; block = block_of(tree)) {
    num_left_out += shrink(tree, block.size() - most_bytes);
  }
  if (num_left_out > 0) {
    notes.push_back(std::to_string(num_left_out) + " of its EXIF fields, the largest, have no" +
                    " place in this format and were left out");
  }
  return block;
}

ExifTree in_order(ExifTree tree, ByteOrder order) {
  if (tree.order == order) return tree;
  tree.order = order;
  for (Directory* directory : {&tree.image, &tree.exif, &tree.gps, &tree.interop}) {
    for (auto& [tag, field] : *directory) {
      const auto step = static_cast<std::ptrdiff_t>(element_bytes(field.type));
      for (auto at = field.bytes.begin(); field.bytes.end() - at >= step; at += step) {
        std::reverse(at, at + step);
      }
    }
  }
  return tree;
}

}  // namespace imaging
