#include "imaging/metadata/exif_packets.h"

#include "imaging/metadata/exif_tags.h"
#include "imaging/metadata/image_resources.h"

namespace imaging {
namespace {

std::string take(Directory& directory, uint16_t tag) {
  const auto field = directory.find(tag);
  if (field == directory.end()) return "";
  std::string bytes = std::move(field->second.bytes);
  directory.erase(field);
  return bytes;
}

}  // namespace

void read_exif_into(Metadata& metadata, const ByteSource& source, ExifOrigin origin, Notes& notes) {
  try {
    metadata.exif = read_exif(source, origin, notes);
  } catch (const std::exception& error) {
    notes.push_back("its EXIF cannot be read and was left out (" + std::string(error.what()) + ")");
    return;
  }
  Directory& image = metadata.exif.image;
  const std::string xmp = take(image, exif_tags::kXmp);
  const std::string iptc = take(image, exif_tags::kIptc);
  read_resources_into(metadata, take(image, exif_tags::kPhotoshop), notes);
  if (metadata.xmp.empty()) metadata.xmp = xmp;
  if (!iptc.empty()) metadata.iptc = iptc;
}

void read_exif_into(Metadata& metadata, std::string_view block, Notes& notes) {
  constexpr std::string_view kPrefix("Exif\0\0", 6);
  if (block.starts_with(kPrefix)) block.remove_prefix(kPrefix.size());
  read_exif_into(metadata, ByteSource::in_memory(std::string(block)), ExifOrigin::block, notes);
}

ExifTree exif_with_packets(const Metadata& metadata) {
  ExifTree tree = metadata.exif;
  if (!metadata.iptc.empty()) {
    // As libtiff and Photoshop have it: of a type of four bytes, whose order nobody turns round.
    std::string bytes = metadata.iptc;
    bytes.resize((bytes.size() + 3) / 4 * 4);
    tree.image[exif_tags::kIptc] = {exif_tags::kIptc, kLong, bytes.size() / 4, bytes, 0};
  }
  if (!metadata.resources.empty()) {
    tree.image[exif_tags::kPhotoshop] = {exif_tags::kPhotoshop, kByte, metadata.resources.size(),
                                         metadata.resources, 0};
  }
  return tree;
}

}  // namespace imaging
