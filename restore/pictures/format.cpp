#include "restore/pictures/format.h"

#include "common/error.h"

namespace restore {

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
  throw common::Error(common::ErrorKind::usage,
                      "--format " + name + ": expected jpeg, png, tiff or webp");
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

}  // namespace restore
