#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace worker {

/// CRC-32C (Castagnoli), as TensorBoard's event files want it.
/// Source: RFC 3720, appendix B.4 (its test vectors are in tests/worker).
inline uint32_t crc32c(std::string_view bytes) {
  static constexpr auto kTable = [] {
    std::array<uint32_t, 256> table{};
    for (uint32_t i = 0; i < 256; ++i) {
      uint32_t crc = i;
      for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78U : crc >> 1;
      table[i] = crc;
    }
    return table;
  }();
  uint32_t crc = ~0U;
  for (const char byte : bytes) {
    crc = kTable[(crc ^ static_cast<unsigned char>(byte)) & 0xFF] ^ (crc >> 8);
  }
  return ~crc;
}

/// TFRecord's mask, which keeps the checksum of data that holds checksums apart from chance.
inline uint32_t masked_crc32c(std::string_view bytes) {
  const uint32_t crc = crc32c(bytes);
  return ((crc >> 15) | (crc << 17)) + 0xA282EAD8U;
}

}  // namespace worker
