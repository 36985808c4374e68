#include <algorithm>
#include <array>

#include "common/error.h"
#include "imaging/metadata/exif_packets.h"
#include "imaging/metadata/image_resources.h"
#include "imaging/metadata/metadata.h"
#include "imaging/metadata/png_chunks.h"
#include "imaging/metadata/splice.h"

namespace imaging {
namespace {

constexpr std::string_view kXmpKeyword = "XML:com.adobe.xmp", kRawProfile = "Raw profile type ";

bool is_text(const std::string& name) { return name == "tEXt" || name == "zTXt" || name == "iTXt"; }

/// Say what the samples mean: only where there is no colour profile, which says it better.
bool is_colour(std::string_view name) {
  constexpr std::array<std::string_view, 4> kColour = {"gAMA", "cHRM", "sRGB", "cICP"};
  return std::find(kColour.begin(), kColour.end(), name) != kColour.end();
}

bool is_carried(const std::string& name) {
  constexpr std::array<std::string_view, 5> kCarried = {"tIME", "oFFs", "pCAL", "sCAL", "sTER"};
  return is_text(name) || is_colour(name) ||
         std::find(kCarried.begin(), kCarried.end(), name) != kCarried.end();
}

/// Whether `text` was a block of bytes; it is then taken apart into `metadata`.
bool take_block(Metadata& metadata, const Text& text, Notes& notes) {
  if (text.keyword == kXmpKeyword) {
    metadata.xmp = text.text;
    return true;
  }
  if (!text.keyword.starts_with(kRawProfile)) return false;
  const std::string kind = text.keyword.substr(kRawProfile.size());
  const std::optional<std::string> block = raw_profile(text.text);
  constexpr std::string_view kJpegXmp("http://ns.adobe.com/xap/1.0/\0", 29);
  if (!block) {
    notes.push_back("its " + text.keyword + " is broken and was left out");
  } else if (kind == "xmp") {
    metadata.xmp = *block;
  } else if (kind == "APP1" && block->starts_with(kJpegXmp)) {
    metadata.xmp = block->substr(kJpegXmp.size());
  } else if (kind == "exif" || kind == "APP1") {
    if (metadata.exif.empty()) read_exif_into(metadata, *block, notes);
  } else if (kind == "iptc" && !block->starts_with("8BIM")) {
    metadata.iptc = *block;
  } else if (kind == "iptc" || kind == "8bim") {
    read_resources_into(metadata, *block, notes);
  } else {
    return kind == "icc" || kind == "icm";  // libvips sees to the colour profile
  }
  return true;
}

void take(Metadata& metadata, const ByteSource& file, const PngChunk& chunk, Notes& notes) {
  const std::string data = png_chunk_data(file, chunk);
  if (chunk.name == "eXIf") {
    metadata.exif = {};
    read_exif_into(metadata, data, notes);
    return;
  }
  if (is_text(chunk.name)) {
    const Text text = png_text(chunk.name, data);
    if (take_block(metadata, text, notes)) return;
    metadata.texts.push_back(text);
  }
  metadata.native.push_back(png_chunk(chunk.name, data));
}

/// What goes before the pixels. `own` has the names of the chunks that the picture has already.
std::string new_chunks(const Metadata& metadata, const std::vector<std::string>& own,
                       Notes& notes) {
  const auto has = [&](const char* name) {
    return std::find(own.begin(), own.end(), name) != own.end();
  };
  const bool has_colours = has("iCCP") || has("sRGB") || has("gAMA") || has("cHRM") || has("cICP");
  std::string chunks;
  if (metadata.format == Format::png) {
    for (const std::string& chunk : metadata.native) {
      const bool colour = is_colour(std::string_view(chunk).substr(4, 4));
      if (!colour || !has_colours) chunks += chunk;
    }
  } else {
    for (const Text& text : metadata.texts) chunks += png_text_chunk(text);
  }
  if (!metadata.exif.empty()) {
    chunks += png_chunk("eXIf", exif_block(metadata.exif, kMostMetadataBytes, notes));
  }
  if (!metadata.xmp.empty()) {
    chunks += png_chunk("iTXt", std::string(kXmpKeyword) + std::string(5, '\0') + metadata.xmp);
  }
  const std::string resources = resources_with_iptc(metadata);
  if (!resources.empty()) chunks += raw_profile_chunk("iptc", resources);
  return chunks;
}

}  // namespace

Metadata read_png_metadata(const ByteSource& file, Notes& notes) {
  Metadata metadata;
  metadata.format = Format::png;
  uint64_t num_bytes = 0;
  for (const PngChunk& chunk : png_chunks(file)) {
    if (chunk.name != "eXIf" && !is_carried(chunk.name)) continue;
    try {
      if ((num_bytes += chunk.data_size) > kMostMetadataBytes) {
        throw common::Error(common::ErrorKind::corrupt, "there are implausibly many");
      }
      take(metadata, file, chunk, notes);
    } catch (const common::Error& error) {
      notes.push_back("its chunk " + chunk.name + " is broken and was left out (" + error.what() +
                      ")");
    }
  }
  return metadata;
}

void write_png_metadata(const std::filesystem::path& to, const Metadata& metadata, Notes& notes) {
  const ByteSource file(to);
  std::vector<PngChunk> before_pixels = png_chunks(file);
  before_pixels.erase(std::find_if(before_pixels.begin(), before_pixels.end(),
                                   [](const PngChunk& chunk) { return chunk.name == "IDAT"; }),
                      before_pixels.end());
  const auto replaced = [&](const std::string& name) {
    return is_text(name) || name == "tIME" || (name == "eXIf" && !metadata.exif.empty());
  };
  std::vector<std::string> names;
  for (const PngChunk& chunk : before_pixels) names.push_back(chunk.name);

  Splice splice(to);
  uint64_t rest = before_pixels.at(0).end();  // IHDR comes first
  splice.keep(0, rest);
  splice.add(new_chunks(metadata, names, notes));
  for (const PngChunk& chunk : before_pixels) {
    if (!replaced(chunk.name)) continue;
    splice.keep(rest, chunk.begin);
    rest = chunk.end();
  }
  splice.keep(rest, file.size());
  splice.replace();
}

}  // namespace imaging
