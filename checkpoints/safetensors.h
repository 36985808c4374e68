// checkpoints/: what a run saves and starts again from, and model files; `restore-export`.
// May include common/ and device/; it knows named tensors but no network.
// Start with safetensors.h (the bytes), then checkpoint.h, checkpoint_folder.h and model_file.h.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/hash.h"
#include "device/named_tensor.h"
#include "device/torch.h"

namespace checkpoints {

struct TensorFile {
  std::vector<device::NamedTensor> tensors;
  std::map<std::string, std::string> metadata;
};

/// Writes a safetensors file as an AtomicFile and returns the xxh3 of its bytes. They are those of
/// Python's safetensors.torch.save_file: tensors by alignment, then by name. Its order of several
/// metadata keys is arbitrary; ours is sorted.
/// Throws Error(internal) for a name that is there twice, reserved or not UTF-8, or an element type
/// that the format does not have; Error(io), also for a full disk.
uint64_t write_safetensors(const std::filesystem::path& path, const TensorFile& file);

/// Reads all of a safetensors file, tensors on the CPU in the order of their bytes. The header is
/// checked against the file's size before anything of a size that it names is allocated.
/// `checksum`, if not null, takes all bytes of the file.
/// Throws Error(corrupt) with the file's name and what is wrong with it; Error(io).
/// Source: github.com/huggingface/safetensors, "Format".
TensorFile read_safetensors(const std::filesystem::path& path,
                            common::Xxh3Stream* checksum = nullptr);

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
