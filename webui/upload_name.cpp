#include "webui/upload_name.h"

#include "webui/html_text.h"

namespace webui {
namespace {

constexpr size_t kMostBytes = 120;

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '-' || c == '_';
}

}  // namespace

std::string display_name(std::string_view sent) {
  sent.remove_prefix(sent.find_last_of("/\\") + 1);  // npos + 1 is 0
  std::string name = printable_utf8(sent, kMostBytes);
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
