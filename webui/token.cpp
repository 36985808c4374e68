#include "webui/token.h"

#include <sys/random.h>

#include <array>
#include <cstdint>

#include "common/error.h"

namespace webui {

std::string random_token() {
  std::array<uint8_t, 16> bytes{};
  // Up to 256 bytes come whole or not at all, once the kernel has gathered enough at its start.
  if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    throw common::io_error("no random bits from", "getrandom");
  }
  std::string token;
  for (const uint8_t byte : bytes) {
    token += "0123456789abcdef"[byte >> 4];
    token += "0123456789abcdef"[byte & 15];
  }
  return token;
}

bool same_token(std::string_view said, std::string_view token) {
  if (said.size() != token.size()) return false;
  unsigned different = 0;
  for (size_t i = 0; i < token.size(); ++i) {
    different |= static_cast<unsigned char>(said[i]) ^ static_cast<unsigned char>(token[i]);
  }
  return different == 0;
}

}  // namespace webui
