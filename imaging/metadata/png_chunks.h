#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "imaging/metadata/bytes.h"
#include "imaging/metadata/metadata.h"

namespace imaging {

struct PngChunk {
  std::string name;
  uint64_t begin = 0, data_size = 0;
  uint64_t data() const { return begin + 8; }
  uint64_t end() const { return begin + 12 + data_size; }
};

/// All chunks, also those behind the pixels; of those of the pixels (IDAT), of which there may be a
/// hundred thousand, the first. Throws Error(corrupt) if it is no PNG.
/// Source: W3C, Portable Network Graphics, third edition.
std::vector<PngChunk> png_chunks(const ByteSource& file);

/// Length, name, data, checksum.
std::string png_chunk(const std::string& name, const std::string& data);

/// The data of a chunk. Throws Error(corrupt) if its checksum does not confirm them.
std::string png_chunk_data(const ByteSource& file, const PngChunk& chunk);

/// The text in the data of a chunk tEXt, zTXt or iTXt. Throws Error(corrupt).
Text png_text(const std::string& name, std::string_view data);

/// The chunk of a text: tEXt for ASCII, iTXt for others.
std::string png_text_chunk(const Text& text);

/// ImageMagick's way to put a block of bytes into a text: a line with its length, then hexadecimal
/// digits. Nothing if it is not one.
std::optional<std::string> raw_profile(std::string_view text);
std::string raw_profile_chunk(const std::string& kind, std::string_view bytes);

}  // namespace imaging
