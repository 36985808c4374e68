#include <algorithm>
#include <bit>
#include <nlohmann/json.hpp>
#include <set>

#include "checkpoints/direct_writer.h"
#include "checkpoints/safetensors.h"
#include "common/error.h"
#include "common/files.h"
#include "common/hash.h"

namespace checkpoints {
namespace {

static_assert(std::endian::native == std::endian::little, "the format is little-endian");

constexpr size_t kHeaderAlignment = 8;
constexpr size_t kPieceBytes = size_t{1} << 18;  // still in the cache when it is copied

struct Placed {
  const device::NamedTensor* named;
  SafetensorsDtype dtype;
};

/// The tensors in the order of their bytes.
std::vector<Placed> place(const std::vector<device::NamedTensor>& tensors) {
  std::vector<Placed> placed;
  std::set<std::string> names{"__metadata__"};
  for (const device::NamedTensor& named : tensors) {
    if (!names.insert(named.name).second) {
      throw common::internal_error("a safetensors file cannot hold the name '" + named.name +
                                   "': it is reserved or there twice");
    }
    const auto dtype = safetensors_dtype(named.tensor.scalar_type());
    if (!dtype) {
      throw common::internal_error("tensor '" + named.name + "' has elements of type " +
                                   c10::toString(named.tensor.scalar_type()) +
                                   ", which a safetensors file cannot hold");
    }
    placed.push_back({&named, *dtype});
  }
  std::sort(placed.begin(), placed.end(), [](const Placed& a, const Placed& b) {
    if (a.dtype.rank != b.dtype.rank) return a.dtype.rank > b.dtype.rank;
    return a.named->name < b.named->name;
  });
  return placed;
}

/// The JSON between the length and the data, padded with spaces.
std::string header_text(const std::vector<Placed>& placed, const TensorFile& file) {
  nlohmann::ordered_json header = nlohmann::ordered_json::object();
  if (!file.metadata.empty()) header["__metadata__"] = file.metadata;
  int64_t offset = 0;
  for (const auto& [named, dtype] : placed) {
    const int64_t end = offset + named->tensor.numel() * dtype.num_bytes;
    auto& entry = header[named->name];
    entry["dtype"] = dtype.name;
    entry["shape"] = named->tensor.sizes().vec();
    entry["data_offsets"] = {offset, end};
    offset = end;
  }
  std::string text;
  try {
    text = header.dump();
  } catch (const nlohmann::json::exception& error) {
    throw common::internal_error(std::string("a name or metadata is not UTF-8: ") + error.what());
  }
  text.resize((text.size() + kHeaderAlignment - 1) / kHeaderAlignment * kHeaderAlignment, ' ');
  return text;
}

uint64_t data_bytes(const std::vector<Placed>& placed) {
  uint64_t sum = 0;
  for (const auto& [named, dtype] : placed) {
    sum += static_cast<uint64_t>(named->tensor.numel() * dtype.num_bytes);
  }
  return sum;
}

}  // namespace

uint64_t write_safetensors(const std::filesystem::path& path, const TensorFile& file) {
  const std::vector<Placed> placed = place(file.tensors);
  const std::string header = header_text(placed, file);
  const uint64_t header_bytes = header.size();
  common::AtomicFile target(path);
  DirectWriter out(target.temporary(), sizeof header_bytes + header_bytes + data_bytes(placed));
  common::Xxh3Stream checksum;
  const auto write = [&](const void* data, size_t num_bytes) {
    for (size_t begin = 0; begin < num_bytes; begin += kPieceBytes) {
      const char* piece = static_cast<const char*>(data) + begin;
      const size_t length = std::min(kPieceBytes, num_bytes - begin);
      checksum.update(piece, length);
      out.write(piece, length);
    }
  };
  write(&header_bytes, sizeof header_bytes);
  write(header.data(), header.size());
  for (const Placed& item : placed) {
    const at::Tensor tensor = item.named->tensor.detach().cpu().contiguous();
    write(tensor.const_data_ptr(), tensor.nbytes());
  }
  out.finish();
  target.commit();
  return checksum.digest();
}

}  // namespace checkpoints
