#include <ATen/ops/empty.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>

#include "checkpoints/safetensors.h"
#include "checkpoints/safetensors_dtype.h"
#include "common/error.h"
#include "common/files.h"

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
    throw common::Error(common::ErrorKind::corrupt,
                        path_.string() + " is not a valid safetensors file: " + message);
  }

  json parse(const std::string& text) const;
  std::map<std::string, std::string> metadata(const json& object) const;
  Entry entry(const std::string& name, const json& object) const;
  void require_gapless(std::vector<Entry>& entries, uint64_t data_bytes) const;

 private:
  std::vector<int64_t> shape(const std::string& name, const json& list) const;
  std::pair<uint64_t, uint64_t> offsets(const std::string& name, const json& list) const;

  std::filesystem::path path_;
};

json HeaderReader::parse(const std::string& text) const {
  // nlohmann's parser lets the last of two equal keys win; here they are an error.
  std::vector<std::set<std::string>> keys;
  const auto check = [&](int depth, json::parse_event_t event, json& parsed) {
    if (depth > kMaxDepth) refuse("its header is nested too deep");
    if (event == json::parse_event_t::object_start) keys.emplace_back();
    if (event == json::parse_event_t::object_end) keys.pop_back();
    if (event == json::parse_event_t::key) {
      const auto name = parsed.get<std::string>();
      if (!keys.back().insert(name).second) refuse("'" + name + "' is there twice");
    }
    return true;
  };
  try {
    json header = json::parse(text, check);
    if (!header.is_object()) refuse("its header is not a JSON object");
    return header;
  } catch (const json::exception&) {
    refuse("its header is not JSON");
  }
}

std::map<std::string, std::string> HeaderReader::metadata(const json& object) const {
  try {
    return object.get<std::map<std::string, std::string>>();
  } catch (const json::exception&) {
    refuse("its metadata are not texts");
  }
}

std::vector<int64_t> HeaderReader::shape(const std::string& name, const json& list) const {
  if (!list.is_array() || list.size() > kMaxDimensions) {
    refuse("the shape of '" + name + "' is not a list of at most " +
           std::to_string(kMaxDimensions) + " sizes");
  }
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

std::pair<uint64_t, uint64_t> HeaderReader::offsets(const std::string& name,
                                                    const json& list) const {
  if (!list.is_array() || list.size() != 2 || !list[0].is_number_unsigned() ||
      !list[1].is_number_unsigned() || list[0].get<uint64_t>() > list[1].get<uint64_t>()) {
    refuse("the data_offsets of '" + name + "' are not [begin, end]");
  }
  return {list[0].get<uint64_t>(), list[1].get<uint64_t>()};
}

Entry HeaderReader::entry(const std::string& name, const json& object) const {
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

void HeaderReader::require_gapless(std::vector<Entry>& entries, uint64_t data_bytes) const {
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

uint64_t size_of(const common::FileDescriptor& file, const std::filesystem::path& path) {
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) throw common::io_error("cannot read", path);
  if (!S_ISREG(status.st_mode)) {
    throw common::Error(common::ErrorKind::io, "cannot read " + path.string() + ": not a file");
  }
  return static_cast<uint64_t>(status.st_size);
}

}  // namespace

TensorFile read_safetensors(const std::filesystem::path& path) {
  const common::FileDescriptor file = common::open_file(path, O_RDONLY);
  const uint64_t file_bytes = size_of(file, path);
  const HeaderReader reader(path);
  uint64_t header_bytes = 0;
  if (file_bytes < kLengthBytes) reader.refuse("it has fewer than 8 bytes");
  common::read_exactly(file, &header_bytes, kLengthBytes, 0, path);
  if (header_bytes > kMaxHeaderBytes || header_bytes > file_bytes - kLengthBytes) {
    reader.refuse("its header claims " + std::to_string(header_bytes) + " bytes of " +
                  std::to_string(file_bytes));
  }
  std::string text(header_bytes, '\0');
  common::read_exactly(file, text.data(), header_bytes, kLengthBytes, path);

  TensorFile result;
  std::vector<Entry> entries;
  const json header = reader.parse(text);
  for (const auto& [name, value] : header.items()) {
    if (name == "__metadata__") {
      result.metadata = reader.metadata(value);
    } else {
      entries.push_back(reader.entry(name, value));
    }
  }
  const uint64_t data_begin = kLengthBytes + header_bytes;
  reader.require_gapless(entries, file_bytes - data_begin);
  for (const Entry& entry : entries) {
    at::Tensor tensor = at::empty(entry.shape, entry.dtype.type);
    common::read_exactly(file, tensor.mutable_data_ptr(), entry.end - entry.begin,
                         data_begin + entry.begin, path);
    result.tensors.push_back({entry.name, tensor});
  }
  return result;
}

}  // namespace checkpoints
