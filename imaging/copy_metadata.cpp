#include "imaging/copy_metadata.h"

#include "common/error.h"
#include "imaging/metadata/image_resources.h"
#include "imaging/metadata/metadata.h"
#include "imaging/metadata/xmp_packet.h"

namespace imaging {
namespace {

Metadata read_metadata(const std::filesystem::path& from, Notes& notes) {
  const ByteSource file(from);
  const std::string start = file.read_at_most(0, 12);
  if (start.starts_with("\xFF\xD8")) return read_jpeg_metadata(file, notes);
  if (start.starts_with("\x89PNG")) return read_png_metadata(file, notes);
  if (start.starts_with("RIFF")) return read_webp_metadata(file, notes);
  return read_tiff_metadata(file, notes);
}

ImageInfo facts_of_written(const std::filesystem::path& to, Format format) {
  ImageInfo picture = facts_of(to);
  Notes of_no_interest;
  if (format == Format::webp) {
    take_resolution(read_webp_metadata(ByteSource(to), of_no_interest).exif, picture);
  }
  return picture;
}

void join_xmp(Metadata& metadata, Notes& notes) {
  if (metadata.extended_xmp.empty()) return;
  const std::string joined = joined_xmp(metadata.xmp, metadata.extended_xmp);
  if (joined.empty()) {
    notes.push_back("a part of its XMP is broken and was left out");
  } else {
    metadata.xmp = joined;
  }
}

void write_metadata(const std::filesystem::path& to, Format format, const Metadata& metadata,
                    const ImageInfo& picture, Notes& notes) {
  switch (format) {
    case Format::jpeg: return write_jpeg_metadata(to, metadata, notes);
    case Format::png: return write_png_metadata(to, metadata, notes);
    case Format::tiff: return write_tiff_metadata(to, metadata, notes);
    case Format::webp: return write_webp_metadata(to, metadata, notes, picture);
  }
}

}  // namespace

std::vector<std::string> copy_metadata(const std::filesystem::path& from,
                                        const std::filesystem::path& to, Format format) {
  Notes notes;
  Metadata metadata;
  try {
    metadata = read_metadata(from, notes);
  } catch (const std::exception& error) {
    return {"its metadata cannot be read and were left out (" + std::string(error.what()) + ")"};
  }
  if (metadata.empty()) return notes;
  const ImageInfo picture = facts_of_written(to, format);
  correct_exif(metadata.exif, picture);
  correct_xmp(metadata.xmp, picture);
  correct_resources(metadata.resources, picture);
  if (format != Format::jpeg) {
    join_xmp(metadata, notes);
    if (metadata.format == Format::jpeg && metadata.native.size() > metadata.texts.size()) {
      notes.push_back("what programs or the camera's maker put into segments that only JPEG has" +
                      std::string(" was left out"));
    }
  }
  try {
    write_metadata(to, format, metadata, picture, notes);
  } catch (const common::Error& error) {
    if (error.kind() == common::ErrorKind::io) throw;
    throw common::Error(common::ErrorKind::io,
                        "cannot write the metadata of " + to.string() + ": " + error.what());
  }
  return notes;
}

}  // namespace imaging
