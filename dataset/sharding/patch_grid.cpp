#include "dataset/sharding/patch_grid.h"

#include <algorithm>

namespace dataset {
namespace {

std::vector<int> starts(int length, int patch) {
  const int count = (length + patch - 1) / patch;
  std::vector<int> positions;
  for (int i = 0; i < count; ++i) {
    const int64_t room = length - patch;
    positions.push_back(count == 1 ? 0 : static_cast<int>(room * i / (count - 1)));
  }
  return positions;
}

}  // namespace

std::vector<PatchPlace> patch_grid(int width, int height, int patch) {
  std::vector<PatchPlace> places;
  if (width < patch || height < patch) return places;
  for (const int y : starts(height, patch)) {
    for (const int x : starts(width, patch)) places.push_back({x, y});
  }
  return places;
}

void cut_patch(const uint8_t* planes, int num_planes, int width, int height, PatchPlace place,
               int patch, uint8_t* out) {
  for (int plane = 0; plane < num_planes; ++plane) {
    for (int y = 0; y < patch; ++y) {
      const uint8_t* row = planes + (int64_t{plane} * height + place.y + y) * width + place.x;
      out = std::copy_n(row, patch, out);
    }
  }
}

}  // namespace dataset
