#include "imaging/format.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <string_view>

#include "common/error.h"
#include "common/files.h"

namespace imaging {
namespace {

std::optional<Format> format_of_ending(const std::filesystem::path& path) {
  std::string ending = path.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const char* jpeg : {".jpg", ".jpeg", ".jpe", ".jfif", ".jif"}) {
    if (ending == jpeg) return Format::jpeg;
  }
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

std::optional<Format> format_of_bytes(const std::filesystem::path& path) {
  const common::FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  char bytes[12];
  const ssize_t count = ::read(file.get(), bytes, sizeof bytes);
  const std::string_view head(bytes, count < 0 ? 0 : static_cast<size_t>(count));
  if (head.starts_with("\xFF\xD8\xFF")) return Format::jpeg;
  if (head.starts_with("\x89PNG\r\n\x1A\n")) return Format::png;
  for (const char* tiff : {"II*\0", "MM\0*", "II+\0", "MM\0+"}) {  // + of BigTIFF
    if (head.starts_with(std::string_view(tiff, 4))) return Format::tiff;
  }
  if (head.starts_with("RIFF") && head.ends_with("WEBP")) return Format::webp;
  return std::nullopt;
}

namespace {

/// Where the chunk of this name begins, its pixels' own if there are several; -1: nowhere. Chunks
/// are a name, a length and an even number of bytes; the pixels of an animation are deeper.
off_t find_webp_chunk(const common::FileDescriptor& file, std::string_view wanted) {
  constexpr int kMostChunks = 64;
  off_t at = 12;
  for (int i = 0; i < kMostChunks; ++i) {
    uint8_t head[8];
    if (::pread(file.get(), head, sizeof head, at) != sizeof head) return -1;
    const std::string_view name(reinterpret_cast<const char*>(head), 4);
    if (name == wanted) return at;
    if (name == "VP8 " || name == "ANMF") return -1;
    const uint32_t length = head[4] | head[5] << 8 | head[6] << 16 | uint32_t{head[7]} << 24;
    at += 8 + off_t{length} + (length & 1);
  }
  return -1;
}

}  // namespace

bool is_lossless_webp(const std::filesystem::path& path) {
  const common::FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  return find_webp_chunk(file, "VP8L") >= 0;
}

void mark_webp_alpha(const std::filesystem::path& path) {
  // WebP container and lossless bitstream specifications: bit 4 of VP8X's flags; bit 28 behind the
  // signature of VP8L.
  const common::FileDescriptor file = common::open_file(path, O_RDWR);
  const off_t extended = find_webp_chunk(file, "VP8X"), pixels = find_webp_chunk(file, "VP8L");
  uint8_t flags = 0, last_of_size = 0;
  if (extended < 0 || pixels < 0 || ::pread(file.get(), &flags, 1, extended + 8) != 1 ||
      ::pread(file.get(), &last_of_size, 1, pixels + 8 + 4) != 1 || (last_of_size & 0x10) == 0) {
    return;
  }
  flags |= 0x10;
  if (::pwrite(file.get(), &flags, 1, extended + 8) != 1) {
    throw common::io_error("cannot write", path.string());
  }
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
