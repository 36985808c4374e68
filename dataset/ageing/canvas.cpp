#include "dataset/ageing/canvas.h"

#include <algorithm>

#include "common/hardware.h"

namespace dataset::ageing {

RESTORE_TARGET_CLONES std::vector<uint8_t> to_bytes(const Channel& plane) {
  std::vector<uint8_t> bytes(plane.values.size());
  // Local copies and the way over int32: without them the loop is not vectorised, since a byte that
  // is written may be part of anything.
  const float* const from = plane.values.data();
  uint8_t* const to = bytes.data();
  const size_t count = bytes.size();
  for (size_t i = 0; i < count; ++i) {
    const float level = std::min(std::max(from[i] * 255.0F + 0.5F, 0.0F), 255.0F);
    to[i] = static_cast<uint8_t>(static_cast<int32_t>(level));
  }
  return bytes;
}

}  // namespace dataset::ageing
