#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "device/torch.h"

namespace checkpoints {

/// An element type as the format names it.
struct SafetensorsDtype {
  std::string_view name;
  at::ScalarType type;
  int64_t num_bytes;
  int rank;  ///< the writer puts higher ranks first, so that every tensor is aligned
};

std::optional<SafetensorsDtype> safetensors_dtype(std::string_view name);
std::optional<SafetensorsDtype> safetensors_dtype(at::ScalarType type);

}  // namespace checkpoints
