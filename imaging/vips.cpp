#include "imaging/vips.h"

#include <regex>

#include "common/error.h"

namespace imaging::vips {
namespace {

bool initialise() {
  if (VIPS_INIT("restore") != 0) {
    throw common::Error(common::ErrorKind::io, "libvips cannot start: " + last_error());
  }
  vips_concurrency_set(1);
  vips_cache_set_max(0);
  vips_operation_block_set("VipsForeignLoad", TRUE);
  for (const char* loader : {"VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadTiff",
                             "VipsForeignLoadWebp", "VipsForeignLoadHeif", "VipsForeignLoadJxl"}) {
    vips_operation_block_set(loader, FALSE);
  }
  // Warnings about odd tags are noise; what spoils the pixels is an error and reaches the caller.
  g_log_set_handler(
      "VIPS", G_LOG_LEVEL_WARNING, [](const char*, GLogLevelFlags, const char*, void*) {}, nullptr);
  return true;
}

}  // namespace

void start() { [[maybe_unused]] static const bool started = initialise(); }

std::string name_of(const common::FileDescriptor& file) {
  return "/proc/self/fd/" + std::to_string(file.get());
}

std::string last_error() {
  const Memory<char> text(vips_error_buffer_copy());
  std::string line = text.get();
  while (!line.empty() && line.back() == '\n') line.pop_back();
  for (size_t end = line.find('\n'); end != std::string::npos; end = line.find('\n', end)) {
    line.replace(end, 1, "; ");
  }
  return std::regex_replace(line, std::regex("\"?/proc/self/fd/[0-9]+\"?"), "it");
}

void refuse(const std::filesystem::path& path) {
  throw common::corrupt_error(path.string() + " cannot be decoded: it is damaged or cut short (" +
                              last_error() + ")");
}

}  // namespace imaging::vips
