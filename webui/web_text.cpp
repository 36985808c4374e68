#include "webui/web_text.h"

#include <glib.h>

#include <algorithm>
#include <memory>

namespace webui {
namespace {

constexpr size_t kMostNameBytes = 120;
constexpr const char* kReplacement = "\xEF\xBF\xBD";

struct Free {
  void operator()(char* text) const { g_free(text); }
};

bool is_control(gunichar character) {
  return g_unichar_iscntrl(character) || g_unichar_type(character) == G_UNICODE_FORMAT ||
         character == 0x2028 || character == 0x2029;  // line and paragraph separators
}

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '-' || c == '_';
}

}  // namespace

std::string printable_utf8(std::string_view text, size_t max_bytes) {
  std::string printable;
  const char* const end = text.data() + text.size();
  for (const char* at = text.data(); at < end;) {
    const gunichar character = g_utf8_get_char_validated(at, end - at);
    const bool is_wrong = character >= 0x110000;  // (gunichar)-1 and -2: invalid, cut short
    const auto length = is_wrong ? size_t{1} : static_cast<size_t>(g_utf8_next_char(at) - at);
    const std::string shown =
        is_wrong || is_control(character) ? std::string(kReplacement) : std::string(at, length);
    if (printable.size() + shown.size() > max_bytes) break;
    printable += shown;
    at += length;
  }
  return printable;
}

std::string escape_html(std::string_view text) {
  std::string escaped;
  for (const char c : printable_utf8(text)) {
    switch (c) {
      case '&': escaped += "&amp;"; break;
      case '<': escaped += "&lt;"; break;
      case '>': escaped += "&gt;"; break;
      case '"': escaped += "&quot;"; break;
      case '\'': escaped += "&#39;"; break;
      default: escaped += c;
    }
  }
  return escaped;
}

std::string data_uri(const char* type, std::string_view bytes) {
  const std::unique_ptr<char, Free> base64(
      g_base64_encode(reinterpret_cast<const guchar*>(bytes.data()), bytes.size()));
  return std::string("data:") + type + ";base64," + base64.get();
}

std::string display_name(std::string_view sent) {
  sent.remove_prefix(sent.find_last_of("/\\") + 1);  // npos + 1 is 0
  std::string name = printable_utf8(sent, kMostNameBytes);
  const size_t first = name.find_first_not_of(" .");  // no hidden file, nor ".."
  name.erase(0, first);
  return name.empty() ? "photograph" : name;
}

std::string download_name(std::string_view name, imaging::Format format) {
  const size_t dot = name.rfind('.');
  const std::string_view stem =
      dot == std::string_view::npos || dot == 0 ? name : name.substr(0, dot);
  return std::string(stem) + ".restored." + extension(format);
}

std::string content_disposition(std::string_view name) {
  std::string ascii, encoded;
  for (const char c : name) {
    ascii += is_plain(c) || c == ' ' ? c : '_';
    if (is_plain(c)) {
      encoded += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      encoded += {'%', "0123456789ABCDEF"[byte >> 4], "0123456789ABCDEF"[byte & 15]};
    }
  }
  return "attachment; filename=\"" + ascii + "\"; filename*=UTF-8''" + encoded;
}

}  // namespace webui
