#include "imaging/format.h"

#include <algorithm>
#include <cctype>
#include <optional>

#include "common/error.h"

namespace imaging {
namespace {

std::optional<Format> format_of_ending(const std::filesystem::path& path) {
  std::string ending = path.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (ending == ".jpg" || ending == ".jpeg") return Format::jpeg;
  if (ending == ".png") return Format::png;
  if (ending == ".tif" || ending == ".tiff") return Format::tiff;
  if (ending == ".webp") return Format::webp;
  return std::nullopt;
}

}  // namespace

Format format_of_name(const std::filesystem::path& path) {
  if (const auto format = format_of_ending(path)) return *format;
  throw common::usage_error(path.string() + ": its name must end in .jpg, .png, .tif or .webp");
}

bool is_picture_name(const std::filesystem::path& path) {
  return format_of_ending(path).has_value();
}

const char* to_string(Format format) {
  switch (format) {
    case Format::jpeg: return "jpeg";
    case Format::png: return "png";
    case Format::tiff: return "tiff";
    case Format::webp: return "webp";
  }
  return "";
}

Format parse_format(const std::string& name) {
  for (const Format format : {Format::jpeg, Format::png, Format::tiff, Format::webp}) {
    if (name == to_string(format)) return format;
  }
  throw common::usage_error("--format " + name + ": expected jpeg, png, tiff or webp");
}

const char* extension(Format format) {
  switch (format) {
    case Format::jpeg: return "jpg";
    case Format::png: return "png";
    case Format::tiff: return "tif";
    case Format::webp: return "webp";
  }
  return "";
}

}  // namespace imaging
