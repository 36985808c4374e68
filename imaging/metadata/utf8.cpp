#include "imaging/metadata/utf8.h"

#include <glib.h>

namespace imaging {

std::string latin1_to_utf8(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      text += c;
    } else {
      text += static_cast<char>(0xC0 | byte >> 6);
      text += static_cast<char>(0x80 | (byte & 0x3F));
    }
  }
  return text;
}

std::string as_utf8(std::string_view bytes) {
  const bool valid =
      g_utf8_validate(bytes.data(), static_cast<gssize>(bytes.size()), nullptr) != FALSE;
  return valid ? std::string(bytes) : latin1_to_utf8(bytes);
}

}  // namespace imaging
