#include "common/error.h"
#include "imaging/metadata/exif_packets.h"
#include "imaging/metadata/metadata.h"
#include "imaging/metadata/comments.h"
#include "imaging/metadata/splice.h"

// Source: Google, WebP Container Specification; RFC 9649.

namespace imaging {
namespace {

constexpr ByteOrder kOrder = ByteOrder::little;
constexpr uint64_t kRiffBytes = 12, kChunkBytes = 8;
constexpr uint8_t kXmpFlag = 0x04, kExifFlag = 0x08, kAlphaFlag = 0x10, kProfileFlag = 0x20;

struct Chunk {
  std::string name;
  uint64_t data = 0, size = 0;
  uint64_t end() const { return data + size + (size & 1); }
};

std::vector<Chunk> chunks_of(const ByteSource& file) {
  std::vector<Chunk> chunks;
  constexpr size_t kMostChunks = 100'000;  // an animation's frames
  for (uint64_t at = kRiffBytes; at + kChunkBytes <= file.size() && chunks.size() < kMostChunks;) {
    const std::string head = file.read(at, kChunkBytes);
    chunks.push_back({head.substr(0, 4), at + kChunkBytes, number_of(head.substr(4), kOrder)});
    at = chunks.back().end();
  }
  return chunks;
}

std::string chunk(const std::string& name, std::string data) {
  const std::string size = bytes_of(data.size(), 4, kOrder);
  data.resize(data.size() + data.size() % 2);
  return name + size + data;
}

/// The data of the chunk VP8X.
std::string extended_header(const ByteSource& file, const std::vector<Chunk>& chunks,
                            const ImageInfo& picture, const Metadata& metadata, bool has_exif) {
  uint8_t flags = 0;
  for (const Chunk& part : chunks) {
    if (part.name == "VP8X") flags |= static_cast<uint8_t>(file.read(part.data, 1)[0]);
    if (part.name == "ICCP") flags |= kProfileFlag;
    // The header of VP8L has a bit for transparency behind signature, width and height.
    if (part.name == "VP8L" && (file.read(part.data + 4, 1)[0] & 0x10) != 0) flags |= kAlphaFlag;
  }
  flags &= static_cast<uint8_t>(~(kXmpFlag | kExifFlag));
  if (!metadata.xmp.empty()) flags |= kXmpFlag;
  if (has_exif) flags |= kExifFlag;
  return bytes_of(flags, 4, kOrder) + bytes_of(picture.width - 1, 3, kOrder) +
         bytes_of(picture.height - 1, 3, kOrder);
}

}  // namespace

Metadata read_webp_metadata(const ByteSource& file, Notes& notes) {
  Metadata metadata;
  metadata.format = Format::webp;
  for (const Chunk& part : chunks_of(file)) {
    if (part.name != "EXIF" && part.name != "XMP ") continue;
    try {
      std::string data = file.read(part.data, part.size);
      if (part.name == "EXIF") read_exif_into(metadata, data, notes);
      if (part.name == "XMP ") metadata.xmp = std::move(data);
    } catch (const common::Error& error) {
      notes.push_back("its chunk " + part.name + " is broken and was left out (" + error.what() +
                      ")");
    }
  }
  return metadata;
}

void write_webp_metadata(const std::filesystem::path& to, const Metadata& metadata, Notes& notes,
                         const ImageInfo& picture) {
  const ByteSource file(to);
  const std::vector<Chunk> chunks = chunks_of(file);
  Metadata own = metadata;
  // libvips writes EXIF that says the resolution: it stays where there is none to replace it.
  if (own.exif.empty()) own.exif = read_webp_metadata(file, notes).exif;
  put_texts_into_exif(own, notes);
  const ExifTree tree = exif_with_packets(own);
  std::string tail;
  if (!tree.empty()) tail += chunk("EXIF", exif_block(tree, kMostMetadataBytes, notes));
  if (!metadata.xmp.empty()) tail += chunk("XMP ", metadata.xmp);

  const std::string head =
      chunk("VP8X", extended_header(file, chunks, picture, metadata, !tree.empty()));
  uint64_t size = 4 + head.size() + tail.size();
  Splice splice(to);
  std::vector<Chunk> kept;
  for (const Chunk& part : chunks) {
    if (part.name == "VP8X" || part.name == "EXIF" || part.name == "XMP ") continue;
    kept.push_back(part);
    size += part.end() - part.data + kChunkBytes;
  }
  splice.add("RIFF" + bytes_of(size, 4, kOrder) + "WEBP" + head);
  for (const Chunk& part : kept) splice.keep(part.data - kChunkBytes, part.end());
  splice.add(tail);
  splice.replace();
}

}  // namespace imaging
