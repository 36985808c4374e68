#include "restore/pictures/metadata/exif_tree.h"

#include <algorithm>
#include <array>
#include <functional>

#include "common/error.h"
#include "restore/pictures/metadata/exif_tags.h"
#include "restore/pictures/metadata/maker_note.h"

namespace restore {
namespace {

namespace tags = exif_tags;

/// Sorted; how the pixels lie in a file, and where other pictures lie in it.
constexpr std::array<uint16_t, 58> kStructure = {
    254, 255, 258, 259, 262,   263,   264,   265,   266,   273,   277,   278,   279,  280, 281,
    284, 288, 289, 290, 291,   292,   293,   317,   320,   321,   322,   323,   324,  325, 330,
    332, 333, 334, 336, 338,   339,   340,   341,   347,   400,   512,   513,   514,  515, 517,
    518, 519, 520, 521, 32995, 32996, 32997, 32998, 33421, 33422, 34675, 37724, 65024};
static_assert(std::is_sorted(kStructure.begin(), kStructure.end()));

/// Point to directories that are read on their own, or that only their makers know.
constexpr std::array<uint16_t, 5> kPointers = {33424, 34665, 34853, 34954, 40965};

/// In a TIFF file they describe its pixels, elsewhere those of the camera.
constexpr std::array<uint16_t, 7> kSampling = {256, 257, 301, 529, 530, 531, 532};

template <size_t N>
bool among(const std::array<uint16_t, N>& tags, uint16_t tag) {
  return std::find(tags.begin(), tags.end(), tag) != tags.end();
}

class ExifReader {
 public:
  ExifReader(const ByteSource& source, ExifOrigin origin, std::vector<std::string>& notes)
      : source_(source), origin_(origin), notes_(notes) {}

  ExifTree read() {
    const TiffHeader header = read_tiff_header(source_);
    form_ = header.form;
    ExifTree tree;
    tree.order = form_.order;
    const RawDirectory image = read_directory(source_, form_, header.first_directory);
    tree.image = fields(image);
    RawDirectory exif;
    tree.exif = pointed_to(image, tags::kExif, exif);
    RawDirectory leaf;
    tree.interop = pointed_to(exif, tags::kInterop, leaf);
    tree.gps = pointed_to(image, tags::kGps, leaf);
    if (num_broken_ > 0) {
      notes_.push_back(std::to_string(num_broken_) + " of its EXIF fields are broken (" +
                       first_error_ + ") and were left out");
    }
    return tree;
  }

 private:
  bool wanted(uint16_t tag) const {
    return !among(kStructure, tag) && !among(kPointers, tag) &&
           !(origin_ == ExifOrigin::tiff_file && among(kSampling, tag));
  }

  Directory fields(const RawDirectory& raw) {
    Directory directory;
    for (const auto& [tag, entry] : raw.entries) {
      if (!wanted(tag)) continue;
      try {
        Field field = read_field(source_, form_, entry);
        // Many fields may name the same bytes: a small file would fill the memory.
        if ((num_bytes_ += field.bytes.size()) > kMostMetadataBytes) {
          throw common::Error(common::ErrorKind::corrupt, "there are implausibly many");
        }
        constexpr uint16_t kDirectoryOffset = 13;
        if (field.type != kDirectoryOffset) directory.emplace(tag, std::move(field));
      } catch (const common::Error& error) {
        broken(error.what());
      }
    }
    return directory;
  }

  Directory pointed_to(const RawDirectory& from, uint16_t pointer, RawDirectory& raw) {
    const auto entry = from.entries.find(pointer);
    if (entry == from.entries.end()) return {};
    try {
      const Field field = read_field(source_, form_, entry->second);
      raw = read_directory(source_, form_, number_of(field.bytes, form_.order));
    } catch (const common::Error& error) {
      broken(error.what());
      return {};
    }
    return fields(raw);
  }

  void broken(const std::string& what) {
    if (num_broken_++ == 0) first_error_ = what;
  }

  const ByteSource& source_;
  const ExifOrigin origin_;
  std::vector<std::string>& notes_;
  TiffForm form_;
  uint64_t num_bytes_ = 0;
  int num_broken_ = 0;
  std::string first_error_;
};

/// Bytes that are turned round together.
size_t element_bytes(uint16_t type) {
  switch (type) {
    case 3:
    case 8: return 2;
    case 4:
    case 5:
    case 9:
    case 10:
    case 11: return 4;
    case 12: return 8;
    default: return 1;
  }
}

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

ExifTree read_exif(const ByteSource& source, ExifOrigin origin, std::vector<std::string>& notes) {
  return ExifReader(source, origin, notes).read();
}

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

bool describes_pixels(uint16_t tag) {
  constexpr std::array<uint16_t, 3> kResolution = {tags::kXResolution, tags::kYResolution,
                                                   tags::kResolutionUnit};
  return among(kSampling, tag) || among(kResolution, tag);
}

}  // namespace restore
