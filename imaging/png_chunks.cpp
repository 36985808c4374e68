#include "imaging/png_chunks.h"

#include <algorithm>

#include "imaging/tiff_directory.h"

namespace imaging {

bool lacks_png_end(const std::filesystem::path& path, const common::FileDescriptor& file) {
  constexpr int64_t kSearched = 1 << 20;
  const auto size = static_cast<int64_t>(std::filesystem::file_size(path));
  const int64_t start = std::max<int64_t>(0, size - kSearched);
  return read_bytes(file, start, kSearched).find("IEND") == std::string::npos;
}

std::optional<std::string> png_chunk(const common::FileDescriptor& file, const char* name) {
  constexpr size_t kBeforePixels = 1 << 16, kNameBytes = 4;
  std::string head = read_bytes(file, 0, kBeforePixels);
  head.resize(std::min(head.size(), head.find("IDAT")));
  const size_t chunk = head.find(name);
  if (chunk == std::string::npos) return {};
  return head.substr(chunk + kNameBytes);
}

}  // namespace imaging
