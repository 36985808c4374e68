#include "common/hash.h"

#include <xxhash.h>
#ifdef __x86_64__
#include <xxh_x86dispatch.h>  // the same functions, with AVX2 or AVX512 where the processor has it
#endif

#include <charconv>

#include "common/error.h"

namespace common {

uint64_t xxh3(const void* data, size_t num_bytes) { return XXH3_64bits(data, num_bytes); }

Xxh3Stream::Xxh3Stream() : state_(XXH3_createState()) {
  XXH3_64bits_reset(static_cast<XXH3_state_t*>(state_));
}

Xxh3Stream::~Xxh3Stream() { XXH3_freeState(static_cast<XXH3_state_t*>(state_)); }

void Xxh3Stream::update(const void* data, size_t num_bytes) {
  XXH3_64bits_update(static_cast<XXH3_state_t*>(state_), data, num_bytes);
}

uint64_t Xxh3Stream::digest() const {
  return XXH3_64bits_digest(static_cast<const XXH3_state_t*>(state_));
}

std::string hex64(uint64_t value) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text(16, '0');
  for (size_t i = 16; i-- > 0; value >>= 4) text[i] = kDigits[value & 15];
  return text;
}

uint64_t parse_hex64(std::string_view text) {
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (text.size() != 16 || error != std::errc{} || end != text.data() + text.size()) {
    throw corrupt_error("a checksum must be 16 hexadecimal digits, got '" + std::string(text) +
                        "'");
  }
  return value;
}

}  // namespace common
