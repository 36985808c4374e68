#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "common/files.h"

namespace imaging {

/// The pixels of a PNG as they lie in it: [height,width,channels], 8 bit, no colours converted.
struct PngPixels {
  int width = 0;
  int height = 0;
  int channels = 0;
  std::vector<uint8_t> bytes;
};

/// Decodes the usual PNG, 8 bit a channel and not interlaced, in half the time of libpng: the whole
/// of it is inflated at once by libdeflate, and rows are unfiltered with vector instructions.
/// Every checksum is tested.
/// Nothing if the file is another kind of PNG, no PNG, would take more than 256 MB, or is damaged:
/// libvips then reads it, or says what is wrong with it. Throws Error(io) if it cannot be read.
std::optional<PngPixels> decode_png(const common::FileDescriptor& file);

}  // namespace imaging
