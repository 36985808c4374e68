#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace common {

/// XXH3-64 of a block of memory (xxhash.com); the checksum of every format of the project.
uint64_t xxh3(const void* data, size_t num_bytes);
inline uint64_t xxh3(std::string_view text) { return xxh3(text.data(), text.size()); }

/// XXH3-64 of bytes that come in pieces; the same value as of all of them at once.
class Xxh3Stream {
 public:
  Xxh3Stream();
  ~Xxh3Stream();
  Xxh3Stream(const Xxh3Stream&) = delete;
  Xxh3Stream& operator=(const Xxh3Stream&) = delete;
  void update(const void* data, size_t num_bytes);
  uint64_t digest() const;

 private:
  void* state_;
};

/// Sixteen lower-case hexadecimal digits: how a checksum stands in JSON.
std::string hex64(uint64_t value);

/// The inverse of hex64. Throws Error(corrupt) if `text` is not sixteen hexadecimal digits.
uint64_t parse_hex64(std::string_view text);

}  // namespace common
