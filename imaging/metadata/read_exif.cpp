#include "common/error.h"
#include "imaging/metadata/exif_tags.h"
#include "imaging/metadata/exif_tree.h"

namespace imaging {
namespace {

namespace tags = exif_tags;

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
    return !tags::lays_out_pixels(tag) && !tags::points_to_directory(tag) &&
           !(origin_ == ExifOrigin::tiff_file && tags::describes_samples(tag));
  }

  Directory fields(const RawDirectory& raw) {
    Directory directory;
    for (const auto& [tag, entry] : raw.entries) {
      if (!wanted(tag)) continue;
      try {
        // Many fields may name the same bytes: a small file would fill the memory.
        Field field = read_field(source_, form_, entry, kMostMetadataBytes - num_bytes_);
        num_bytes_ += field.bytes.size();
        if (tag == tags::kMakerNote) {
          // The last value of some Nikon's notes ends behind them.
          constexpr uint64_t kBehind = 8;
          field.behind = source_.read_at_most(field.offset + field.bytes.size(), kBehind);
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
      const Field field = read_field(source_, form_, entry->second, form_.offset_bytes());
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

}  // namespace

ExifTree read_exif(const ByteSource& source, ExifOrigin origin, std::vector<std::string>& notes) {
  return ExifReader(source, origin, notes).read();
}

}  // namespace imaging
