#include <sys/mman.h>

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <tuple>

#include "checkpoints/safetensors.h"
#include "checkpoints/sequential_reader.h"
#include "common/error.h"
#include "common/strict_text.h"
#include "device/torch.h"

namespace checkpoints {
namespace {

using nlohmann::json;

constexpr uint64_t kLengthBytes = 8;
constexpr uint64_t kMaxHeaderBytes = 100'000'000;  // as the reference implementation
constexpr int kMaxDepth = 3;                       // header, entry, shape
constexpr size_t kMaxDimensions = 8;

/// What the header says of one tensor, checked in itself but not against its neighbours.
struct Entry {
  std::string name;
  SafetensorsDtype dtype;
  std::vector<int64_t> shape;
  uint64_t begin, end;  // bytes, counted from the end of the header
};

/// Reads one file's header; holds its name for the messages.
class HeaderReader {
 public:
  explicit HeaderReader(const std::filesystem::path& path) : path_(path) {}

  /// Throws Error(corrupt): "PATH is not a valid safetensors file: MESSAGE".
  [[noreturn]] void refuse(const std::string& message) const {
    throw common::corrupt_error(path_.string() + " is not a valid safetensors file: " + message);
  }

  json parse(const std::string& text) const {
    return common::parse_strict_json(
        text, path_.string() + " is not a valid safetensors file: its header",
        {kMaxDepth, kMaxDimensions});
  }

  std::map<std::string, std::string> metadata(const json& object) const {
    try {
      return object.get<std::map<std::string, std::string>>();
    } catch (const json::exception&) {
      refuse("its metadata are not texts");
    }
  }

  Entry entry(const std::string& name, const json& object) const {
    if (!object.is_object() || object.size() != 3 || !object.contains("dtype") ||
        !object["dtype"].is_string() || !object.contains("shape") ||
        !object.contains("data_offsets")) {
      refuse("'" + name + "' must have dtype, shape and data_offsets");
    }
    const auto dtype = safetensors_dtype(object["dtype"].get_ref<const std::string&>());
    if (!dtype) refuse("'" + name + "' has the unknown dtype " + object["dtype"].dump());
    Entry entry{name, *dtype, shape(name, object["shape"]), 0, 0};
    std::tie(entry.begin, entry.end) = offsets(name, object["data_offsets"]);
    uint64_t num_bytes = static_cast<uint64_t>(dtype->num_bytes);
    for (const int64_t size : entry.shape) {
      if (__builtin_mul_overflow(num_bytes, static_cast<uint64_t>(size), &num_bytes)) {
        refuse("the shape of '" + name + "' is impossible");
      }
    }
    if (entry.end - entry.begin != num_bytes) {
      refuse("'" + name + "' spans " + std::to_string(entry.end - entry.begin) +
             " bytes, its shape needs " + std::to_string(num_bytes));
    }
    return entry;
  }

  void require_gapless(std::vector<Entry>& entries, uint64_t data_bytes) const {
    std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
      return std::tie(a.begin, a.end) < std::tie(b.begin, b.end);
    });
    uint64_t expected = 0;
    for (const Entry& entry : entries) {
      if (entry.begin != expected) {
        refuse("'" + entry.name + "' begins at byte " + std::to_string(entry.begin) +
               " of the data, the tensor before it ends at " + std::to_string(expected));
      }
      expected = entry.end;
    }
    if (expected != data_bytes) {
      refuse("its tensors take " + std::to_string(expected) + " bytes, the file holds " +
             std::to_string(data_bytes) + "; it may be truncated");
    }
  }

 private:
  std::vector<int64_t> shape(const std::string& name, const json& list) const {
    if (!list.is_array()) refuse("the shape of '" + name + "' is not a list of sizes");
    std::vector<int64_t> sizes;
    int64_t product = 1;
    for (const json& size : list) {
      // Zeros count as one here: LibTorch multiplies the other sizes for the strides.
      if (!size.is_number_unsigned() || size.get<uint64_t>() > INT64_MAX ||
          __builtin_mul_overflow(product, std::max<int64_t>(size.get<int64_t>(), 1), &product)) {
        refuse("the shape of '" + name + "', " + list.dump() + ", is impossible");
      }
      sizes.push_back(size.get<int64_t>());
    }
    return sizes;
  }

  std::pair<uint64_t, uint64_t> offsets(const std::string& name, const json& list) const {
    if (!list.is_array() || list.size() != 2 || !list[0].is_number_unsigned() ||
        !list[1].is_number_unsigned() || list[0].get<uint64_t>() > list[1].get<uint64_t>()) {
      refuse("the data_offsets of '" + name + "' are not [begin, end]");
    }
    return {list[0].get<uint64_t>(), list[1].get<uint64_t>()};
  }

  std::filesystem::path path_;
};

std::string header_text(SequentialReader& file, const HeaderReader& header) {
  uint64_t header_bytes = 0;
  if (file.file_bytes() < kLengthBytes) header.refuse("it has fewer than 8 bytes");
  file.read(&header_bytes, kLengthBytes);
  if (header_bytes > kMaxHeaderBytes || header_bytes > file.file_bytes() - kLengthBytes) {
    header.refuse("its header claims " + std::to_string(header_bytes) + " bytes of " +
                  std::to_string(file.file_bytes()));
  }
  std::string text(header_bytes, '\0');
  file.read(text.data(), header_bytes);
  return text;
}

/// The kernel makes fresh memory page by page when it is first touched, which takes as long as the
/// copy. A huge page saves 511 of 512 of these page faults. The kernel may ignore the wish.
void prefer_huge_pages(void* address, size_t num_bytes) {
  constexpr uintptr_t kHugePage = uintptr_t{2} << 20;
  const uintptr_t begin = (reinterpret_cast<uintptr_t>(address) + kHugePage - 1) & ~(kHugePage - 1);
  const uintptr_t end = (reinterpret_cast<uintptr_t>(address) + num_bytes) & ~(kHugePage - 1);
  if (begin < end) madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
}

}  // namespace

TensorFile read_safetensors(const std::filesystem::path& path, common::Xxh3Stream* checksum) {
  SequentialReader file(path, checksum);
  const HeaderReader header(path);
  const std::string text = header_text(file, header);

  TensorFile result;
  std::vector<Entry> entries;
  const json object = header.parse(text);
  for (const auto& [name, value] : object.items()) {
    if (name == "__metadata__") {
      result.metadata = header.metadata(value);
    } else {
      entries.push_back(header.entry(name, value));
    }
  }
  header.require_gapless(entries, file.file_bytes() - kLengthBytes - text.size());
  std::vector<SequentialReader::Target> targets;
  for (const Entry& entry : entries) {
    const at::Tensor tensor = at::empty(entry.shape, entry.dtype.type);
    auto* const data = static_cast<char*>(tensor.mutable_data_ptr());
    prefer_huge_pages(data, tensor.nbytes());
    targets.push_back({data, entry.end - entry.begin});
    result.tensors.push_back({entry.name, tensor});
  }
  file.read(targets);
  return result;
}

}  // namespace checkpoints
