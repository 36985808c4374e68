#include "imaging/metadata/image_resources.h"

#include <algorithm>
#include <array>

namespace imaging {
namespace {

constexpr uint64_t kResolution = 0x03ED, kIptc = 0x0404;

bool left_out(uint64_t id) {
  constexpr std::array<uint64_t, 6> kLeftOut = {0x0409, 0x040C, 0x040F, 0x0422, 0x0423, 0x0424};
  return std::find(kLeftOut.begin(), kLeftOut.end(), id) != kLeftOut.end();
}

struct Block {
  uint64_t id = 0;
  size_t data_begin = 0, data_size = 0;
  size_t end = 0;  ///< of the whole block
};

/// The block at `at`; one of id 0 that ends where it begins, if there is no whole one.
Block block_at(std::string_view blocks, size_t at) {
  const Block none{0, at, 0, at};
  const auto number = [&](size_t from, size_t num_bytes) {
    return number_of(blocks.substr(from, num_bytes), ByteOrder::big);
  };
  constexpr std::array<std::string_view, 5> kMarks = {"8BIM", "PHUT", "AgHg", "DCSR", "MeSa"};
  if (blocks.size() < at + 12) return none;
  if (std::find(kMarks.begin(), kMarks.end(), blocks.substr(at, 4)) == kMarks.end()) return none;
  const size_t name_size = (1 + number(at + 6, 1) + 1) & ~size_t{1};
  const size_t size_at = at + 6 + name_size;
  if (blocks.size() < size_at + 4) return none;
  const uint64_t size = number(size_at, 4);
  if (size > blocks.size() - size_at - 4) return none;
  const size_t data_end = size_at + 4 + size;
  return {number(at + 4, 2), size_at + 4, size, std::min(data_end + (size & 1), blocks.size())};
}

}  // namespace

void read_resources_into(Metadata& metadata, std::string_view blocks, Notes& notes) {
  for (size_t at = 0; at < blocks.size();) {
    const Block block = block_at(blocks, at);
    if (block.end == at) {
      if (blocks.find_first_not_of('\0', at) != std::string_view::npos) {
        notes.push_back("a part of its Photoshop data is broken and was left out");
      }
      return;
    }
    if (block.id == kIptc) {
      if (metadata.iptc.empty()) metadata.iptc = blocks.substr(block.data_begin, block.data_size);
    } else if (!left_out(block.id)) {
      metadata.resources += blocks.substr(at, block.end - at);
      if (block.data_size % 2 != 0 && block.end == block.data_begin + block.data_size) {
        metadata.resources += '\0';
      }
    }
    at = block.end;
  }
}

void correct_resources(std::string& resources, const ImageInfo& picture) {
  for (size_t at = 0; at < resources.size();) {
    const Block block = block_at(resources, at);
    if (block.end == at) return;
    if (block.id == kResolution) {
      resources.replace(
          block.data_begin, block.data_size,
          resolution_resource(picture, resources.substr(block.data_begin, block.data_size)));
    }
    at = block.end;
  }
}

std::string resources_with_iptc(const Metadata& metadata) {
  if (metadata.iptc.empty()) return metadata.resources;
  std::string block = "8BIM" + bytes_of(kIptc, 2, ByteOrder::big) + std::string(2, '\0') +
                      bytes_of(metadata.iptc.size(), 4, ByteOrder::big) + metadata.iptc;
  block.resize(block.size() + block.size() % 2);
  return block + metadata.resources;
}

}  // namespace imaging
