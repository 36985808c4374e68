#include "imaging/png_decoder.h"

#include <libdeflate.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>

#include "common/error.h"
#include "imaging/png_filters.h"

// The layout of PNG: ISO/IEC 15948.
namespace imaging {
namespace {

constexpr std::string_view kSignature = "\x89PNG\r\n\x1a\n";
constexpr size_t kMostBytes = size_t{256} << 20;  // of pixels; more is read in a stream
constexpr const char* kName = "a PNG";            // in messages

using Bytes = std::vector<uint8_t>;

uint32_t big_endian(const uint8_t* bytes) {
  return uint32_t{bytes[0]} << 24 | uint32_t{bytes[1]} << 16 | uint32_t{bytes[2]} << 8 | bytes[3];
}

struct Chunk {
  std::string_view type;
  const uint8_t* data;
  size_t length;

  /// The CRC-32 behind the data covers type and data.
  bool is_intact() const {
    return libdeflate_crc32(0, type.data(), type.size() + length) == big_endian(data + length);
  }
};

/// Every chunk up to IEND; nothing if the file ends before or a checksum is wrong.
std::optional<std::vector<Chunk>> chunks_of(const Bytes& png) {
  std::vector<Chunk> chunks;
  for (size_t at = kSignature.size(); png.size() - at >= 12; at += 12 + chunks.back().length) {
    const uint8_t* const begin = png.data() + at;
    const size_t length = big_endian(begin);
    if (length > png.size() - at - 12) return std::nullopt;
    chunks.push_back({{reinterpret_cast<const char*>(begin) + 4, 4}, begin + 8, length});
    if (!chunks.back().is_intact()) return std::nullopt;
    if (chunks.back().type == "IEND") return chunks;
  }
  return std::nullopt;
}

/// Without the bytes. Nothing if the header is not one that is decoded here.
std::optional<PngPixels> read_header(const Chunk& header) {
  if (header.type != "IHDR" || header.length != 13) return std::nullopt;
  constexpr std::array<int, 7> kChannels{1, 0, 3, 0, 2, 0, 4};  // by colour type; 3 is a palette
  const uint32_t width = big_endian(header.data), height = big_endian(header.data + 4);
  const uint8_t depth = header.data[8], type = header.data[9], interlacing = header.data[12];
  if (depth != 8 || type >= kChannels.size() || kChannels[type] == 0 || interlacing != 0 ||
      width == 0 || height == 0 || width > kMostBytes / 4 / height) {
    return std::nullopt;
  }
  return PngPixels{static_cast<int>(width), static_cast<int>(height), kChannels[type], {}};
}

Bytes join_pixel_data(const std::vector<Chunk>& chunks) {
  Bytes joined;
  for (const Chunk& chunk : chunks) {
    if (chunk.type == "IDAT") joined.insert(joined.end(), chunk.data, chunk.data + chunk.length);
  }
  return joined;
}

/// libdeflate tests the Adler-32 as well; nothing if that or the size is not right.
std::optional<Bytes> inflate(const Bytes& zlib, size_t num_bytes) {
  const std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)>
      decompressor(libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
  Bytes bytes(num_bytes);
  if (!decompressor ||
      libdeflate_zlib_decompress(decompressor.get(), zlib.data(), zlib.size(), bytes.data(),
                                 bytes.size(), nullptr) != LIBDEFLATE_SUCCESS) {
    return std::nullopt;
  }
  return bytes;
}

std::optional<Bytes> read_if_png(const common::FileDescriptor& file) {
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) throw common::io_error("cannot look at", kName);
  const auto size = static_cast<size_t>(status.st_size);
  if (!S_ISREG(status.st_mode) || size < kSignature.size() || size > kMostBytes) {
    return std::nullopt;
  }
  std::array<char, kSignature.size()> signature{};
  common::read_exactly(file, signature.data(), signature.size(), 0, kName);
  if (std::string_view(signature.data(), signature.size()) != kSignature) return std::nullopt;
  Bytes bytes(size);
  common::read_exactly(file, bytes.data(), size, 0, kName);
  return bytes;
}

}  // namespace

std::optional<PngPixels> decode_png(const common::FileDescriptor& file) {
  const std::optional<Bytes> png = read_if_png(file);
  if (!png) return std::nullopt;
  const auto chunks = chunks_of(*png);
  if (!chunks) return std::nullopt;
  std::optional<PngPixels> pixels = read_header(chunks->front());
  if (!pixels) return std::nullopt;
  const auto height = static_cast<size_t>(pixels->height);
  const auto row_bytes = static_cast<size_t>(pixels->width) * static_cast<size_t>(pixels->channels);
  const auto rows = inflate(join_pixel_data(*chunks), height * (1 + row_bytes));
  if (!rows) return std::nullopt;
  pixels->bytes.resize(height * row_bytes);
  const auto channels = static_cast<size_t>(pixels->channels);
  if (!unfilter_png(rows->data(), height, row_bytes, channels, pixels->bytes.data())) {
    return std::nullopt;
  }
  return pixels;
}

}  // namespace imaging
