#include <fcntl.h>
#include <unistd.h>

#include "common/error.h"
#include "imaging/metadata/exif_packets.h"
#include "imaging/metadata/exif_tags.h"
#include "imaging/metadata/metadata.h"
#include "imaging/metadata/comments.h"

namespace imaging {
namespace {

/// What `metadata` adds to the directory of the picture `to`.
ExifTree tree_for(const Metadata& metadata, ByteOrder order, Notes& notes) {
  Metadata carried = metadata;
  put_texts_into_exif(carried, notes);
  carried.exif = in_order(carried.exif, order);
  ExifTree tree = exif_with_packets(carried);
  if (!metadata.xmp.empty()) {
    tree.image[exif_tags::kXmp] = {exif_tags::kXmp, kByte, metadata.xmp.size(), metadata.xmp, 0};
  }
  // The file has its own of these, which must stand.
  std::erase_if(tree.image, [](const auto& field) {
    return exif_tags::describes_samples(field.first) || exif_tags::says_resolution(field.first);
  });
  return tree;
}

void write_at(const common::FileDescriptor& file, uint64_t offset, const std::string& bytes,
              const std::filesystem::path& path) {
  if (lseek(file.get(), static_cast<off_t>(offset), SEEK_SET) < 0) {
    throw common::io_error("cannot write", path);
  }
  common::write_all(file, bytes.data(), bytes.size(), path);
}

}  // namespace

Metadata read_tiff_metadata(const ByteSource& file, Notes& notes) {
  Metadata metadata;
  metadata.format = Format::tiff;
  read_exif_into(metadata, file, ExifOrigin::tiff_file, notes);
  return metadata;
}

// The new directory goes to the file's end, the old one stays behind as unused bytes: a TIFF file
// of gigabytes is not copied, and is whole until its header names the new directory.
void write_tiff_metadata(const std::filesystem::path& to, const Metadata& metadata, Notes& notes) {
  const ByteSource source(to);
  const auto [form, first_directory] = read_tiff_header(source);
  RawDirectory directory = read_directory(source, form, first_directory);
  const ExifTree tree = tree_for(metadata, form.order, notes);
  if (tree.empty()) return;

  TiffLayout layout(form, source.size() + (source.size() & 1));
  const uint64_t begin = layout.reserve(0);
  for (const auto& [tag, entry] : lay_out(tree, layout)) directory.entries[tag] = entry;
  const uint64_t at = layout.reserve(form.directory_bytes(directory.entries.size()));
  layout.put_directory(at, directory);
  if (!form.big && begin + layout.bytes().size() > UINT32_MAX) {
    notes.push_back("its metadata have no place in a TIFF of 4 GiB and were left out");
    return;
  }
  const common::FileDescriptor file = common::open_file(to, O_WRONLY);
  write_at(file, begin, layout.bytes(), to);
  write_at(file, form.big ? 8 : 4, bytes_of(at, form.offset_bytes(), form.order), to);
}

}  // namespace imaging
