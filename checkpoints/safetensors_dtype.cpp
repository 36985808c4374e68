#include "checkpoints/safetensors_dtype.h"

#include <array>

namespace checkpoints {
namespace {

constexpr std::array<SafetensorsDtype, 10> kDtypes{{
    {"BOOL", at::kBool, 1, 0},
    {"U8", at::kByte, 1, 1},
    {"I8", at::kChar, 1, 2},
    {"I16", at::kShort, 2, 3},
    {"F16", at::kHalf, 2, 4},
    {"BF16", at::kBFloat16, 2, 5},
    {"I32", at::kInt, 4, 6},
    {"F32", at::kFloat, 4, 7},
    {"F64", at::kDouble, 8, 8},
    {"I64", at::kLong, 8, 9},
}};

}  // namespace

std::optional<SafetensorsDtype> safetensors_dtype(std::string_view name) {
  for (const auto& dtype : kDtypes) {
    if (dtype.name == name) return dtype;
  }
  return {};
}

std::optional<SafetensorsDtype> safetensors_dtype(at::ScalarType type) {
  for (const auto& dtype : kDtypes) {
    if (dtype.type == type) return dtype;
  }
  return {};
}

}  // namespace checkpoints
