#include "imaging/metadata/png_chunks.h"

#include <libdeflate.h>

#include <algorithm>
#include <memory>

#include "common/error.h"
#include "imaging/metadata/utf8.h"

namespace imaging {
namespace {

constexpr std::string_view kSignature("\x89PNG\r\n\x1A\n", 8);

[[noreturn]] void refuse(const std::string& message) {
  throw common::Error(common::ErrorKind::corrupt, message);
}

std::string inflated(std::string_view packed) {
  const std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)> unpacker(
      libdeflate_alloc_decompressor(), &libdeflate_free_decompressor);
  for (size_t room = packed.size() * 4 + 4096; room <= 4 * kMostMetadataBytes; room *= 4) {
    std::string bytes(std::min<size_t>(room, kMostMetadataBytes), '\0');
    size_t size = 0;
    const libdeflate_result result = libdeflate_zlib_decompress(
        unpacker.get(), packed.data(), packed.size(), bytes.data(), bytes.size(), &size);
    if (result == LIBDEFLATE_INSUFFICIENT_SPACE) continue;
    if (result != LIBDEFLATE_SUCCESS) break;
    bytes.resize(size);
    return bytes;
  }
  refuse("a compressed text is broken or too long");
}

std::string deflated(std::string_view bytes) {
  constexpr int kLevel = 6;
  const std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)> packer(
      libdeflate_alloc_compressor(kLevel), &libdeflate_free_compressor);
  std::string packed(libdeflate_zlib_compress_bound(packer.get(), bytes.size()), '\0');
  packed.resize(libdeflate_zlib_compress(packer.get(), bytes.data(), bytes.size(), packed.data(),
                                         packed.size()));
  return packed;
}

std::string checksum(std::string_view bytes) {
  return bytes_of(libdeflate_crc32(0, bytes.data(), bytes.size()), 4, ByteOrder::big);
}

/// Takes what stands before the next zero off.
std::string_view take_string(std::string_view& data) {
  const size_t end = data.find('\0');
  if (end == std::string_view::npos) refuse("a text is cut short");
  const std::string_view taken = data.substr(0, end);
  data.remove_prefix(end + 1);
  return taken;
}

}  // namespace

std::vector<PngChunk> png_chunks(const ByteSource& file) {
  if (file.read_at_most(0, kSignature.size()) != kSignature) refuse("it is not a PNG");
  std::vector<PngChunk> chunks;
  for (uint64_t at = kSignature.size(); at + 12 <= file.size();) {
    const std::string head = file.read(at, 8);
    const PngChunk chunk{head.substr(4), at, number_of(head.substr(0, 4), ByteOrder::big)};
    at = chunk.end();
    const bool more_pixels =
        chunk.name == "IDAT" && !chunks.empty() && chunks.back().name == "IDAT";
    if (!more_pixels) chunks.push_back(chunk);
    if (chunk.name == "IEND" || at > file.size()) break;
  }
  return chunks;
}

std::string png_chunk(const std::string& name, const std::string& data) {
  return bytes_of(data.size(), 4, ByteOrder::big) + name + data + checksum(name + data);
}

std::string png_chunk_data(const ByteSource& file, const PngChunk& chunk) {
  const std::string bytes = file.read(chunk.begin + 4, chunk.data_size + 8);
  const std::string_view covered = std::string_view(bytes).substr(0, bytes.size() - 4);
  if (checksum(covered) != bytes.substr(covered.size())) refuse("its checksum is wrong");
  return std::string(covered.substr(4));
}

Text png_text(const std::string& name, std::string_view data) {
  const std::string keyword = latin1_to_utf8(take_string(data));
  if (name == "tEXt") return {keyword, latin1_to_utf8(data)};
  const bool packed = name == "zTXt" || data.starts_with('\1');
  const size_t num_flags = name == "zTXt" ? 1 : 2;
  if (data.size() < num_flags) refuse("a text is cut short");
  data.remove_prefix(num_flags);
  if (name == "iTXt") {
    take_string(data);  // language
    take_string(data);  // the keyword in it
  }
  const std::string text = packed ? inflated(data) : std::string(data);
  return {keyword, name == "zTXt" ? latin1_to_utf8(text) : text};
}

std::string png_text_chunk(const Text& text) {
  const bool ascii = std::all_of(text.text.begin(), text.text.end(),
                                 [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  std::string data = text.keyword + '\0';
  if (!ascii) data += std::string(4, '\0');
  return png_chunk(ascii ? "tEXt" : "iTXt", data + text.text);
}

std::optional<std::string> raw_profile(std::string_view text) {
  constexpr std::string_view kSpace = " \n\r\t";
  const size_t kind = text.find_first_not_of(kSpace);
  const size_t size = text.find_first_of("0123456789", text.find_first_of(kSpace, kind));
  const size_t digits = text.find_first_of(kSpace, size);
  if (digits == std::string_view::npos) return {};
  const auto digit_of = [](char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; };
  std::string bytes;
  int high = -1;
  for (const char c : text.substr(digits)) {
    if (kSpace.find(c) != std::string_view::npos) continue;
    const int digit = digit_of(c);
    if (digit < 0 || digit > 15) return {};
    if (high >= 0) bytes += static_cast<char>(high << 4 | digit);
    high = high >= 0 ? -1 : digit;
  }
  return bytes;
}

std::string raw_profile_chunk(const std::string& kind, std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  constexpr size_t kBytesInLine = 36;
  std::string text = "\n" + kind + "\n" + std::to_string(bytes.size());
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (i % kBytesInLine == 0) text += '\n';
    const auto byte = static_cast<unsigned char>(bytes[i]);
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return png_chunk("zTXt",
                   "Raw profile type " + kind + std::string(2, '\0') + deflated(text + "\n"));
}

}  // namespace imaging
