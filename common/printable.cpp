#include "common/printable.h"

#include <cstdint>
#include <cstdio>

namespace common {
namespace {

/// Bytes of the UTF-8 character that `text` begins with; 0 if it begins with none.
/// Source: the Unicode Standard 15, table 3-7 (no overlong forms, no surrogates).
size_t character_bytes(std::string_view text) {
  const auto byte = [&](size_t i) {
    return i < text.size() ? static_cast<uint8_t>(text[i]) : uint8_t{0};
  };
  const uint8_t first = byte(0), second = byte(1);
  const size_t count = first < 0x80                    ? 1
                       : first >= 0xC2 && first < 0xE0 ? 2
                       : first >= 0xE0 && first < 0xF0 ? 3
                       : first >= 0xF0 && first < 0xF5 ? 4
                                                       : 0;
  for (size_t i = 1; i < count; ++i) {
    if (byte(i) < 0x80 || byte(i) > 0xBF) return 0;
  }
  if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) ||
      (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F)) {
    return 0;
  }
  return count;
}

/// Of C0 and C1, line separators, and what turns the direction of writing, which can make one name
/// look like another.
bool is_control(std::string_view character) {
  if (character.size() == 1) return character[0] < ' ' || character[0] == '\x7f';
  return (character >= "\xC2\x80" && character < "\xC2\xA0") ||
         (character >= "\xE2\x80\xA8" && character <= "\xE2\x80\xAE") ||
         (character >= "\xE2\x81\xA6" && character <= "\xE2\x81\xA9");
}

}  // namespace

std::string printable(std::string_view text) {
  std::string shown;
  while (!text.empty()) {
    const size_t count = character_bytes(text);
    const std::string_view character = text.substr(0, count == 0 ? 1 : count);
    text.remove_prefix(character.size());
    if (character == "\n" || character == "\t" || character == "\r") {
      shown += character == "\n" ? "\\n" : character == "\t" ? "\\t" : "\\r";
    } else if (count > 0 && !is_control(character)) {
      shown += character;
    } else {
      for (const char byte : character) {
        char code[5];
        std::snprintf(code, sizeof code, "\\x%02x", static_cast<uint8_t>(byte));
        shown += code;
      }
    }
  }
  return shown;
}

}  // namespace common
