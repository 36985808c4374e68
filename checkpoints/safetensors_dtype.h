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

inline constexpr SafetensorsDtype kSafetensorsDtypes[] = {
    {"BOOL", at::kBool, 1, 0}, {"U8", at::kByte, 1, 1},   {"I8", at::kChar, 1, 2},
    {"I16", at::kShort, 2, 3}, {"F16", at::kHalf, 2, 4},  {"BF16", at::kBFloat16, 2, 5},
    {"I32", at::kInt, 4, 6},   {"F32", at::kFloat, 4, 7}, {"F64", at::kDouble, 8, 8},
    {"I64", at::kLong, 8, 9},
};

inline std::optional<SafetensorsDtype> safetensors_dtype(std::string_view name) {
  for (const auto& dtype : kSafetensorsDtypes) {
    if (dtype.name == name) return dtype;
  }
  return {};
}

inline std::optional<SafetensorsDtype> safetensors_dtype(at::ScalarType type) {
  for (const auto& dtype : kSafetensorsDtypes) {
    if (dtype.type == type) return dtype;
  }
  return {};
}

}  // namespace checkpoints
