#include "checkpoints/checkpoint_files.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>

#include "common/error.h"
#include "common/files.h"
#include "common/hash.h"

namespace checkpoints {
namespace fs = std::filesystem;
namespace {

using nlohmann::json;

constexpr size_t kMaxJsonBytes = size_t{64} << 20;
constexpr size_t kHashedAtOnce = size_t{4} << 20;

[[noreturn]] void refuse(const fs::path& directory, const std::string& message) {
  throw common::Error(common::ErrorKind::corrupt, directory.string() + " " + message);
}

struct FileSum {
  uint64_t num_bytes = 0;
  uint64_t xxh3 = 0;
  bool operator==(const FileSum&) const = default;
};

FileSum sum_file(const fs::path& path) {
  const common::FileDescriptor file = common::open_file(path, O_RDONLY);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) throw common::io_error("cannot read", path);
  const auto num_bytes = static_cast<uint64_t>(status.st_size);
  common::Xxh3Stream checksum;
  std::vector<char> piece(kHashedAtOnce);
  for (uint64_t offset = 0; offset < num_bytes; offset += piece.size()) {
    const size_t length = std::min<uint64_t>(piece.size(), num_bytes - offset);
    common::read_exactly(file, piece.data(), length, offset, path);
    checksum.update(piece.data(), length);
  }
  return {num_bytes, checksum.digest()};
}

json sum_json(const FileSum& sum) {
  return {{"bytes", sum.num_bytes}, {"xxh3", common::hex64(sum.xxh3)}};
}

FileSum parse_sum(const json& complete, const char* name) {
  const json& sum = complete.at("files").at(name);
  return {sum.at("bytes").get<uint64_t>(), common::parse_hex64(sum.at("xxh3").get<std::string>())};
}

void require_version(const fs::path& directory, const json& complete) {
  const int version = complete.at("format_version").get<int>();
  if (version == kCheckpointFormatVersion) return;
  refuse(directory, "is a checkpoint of format version " + std::to_string(version) +
                        "; this program reads " + std::to_string(kCheckpointFormatVersion));
}

void require_as_written(const fs::path& directory, const json& complete) {
  for (const char* name : {kStateFile, kTensorsFile}) {
    if (sum_file(directory / name) == parse_sum(complete, name)) continue;
    refuse(directory, std::string("is damaged: size or checksum of ") + name +
                          " is not what complete.json says");
  }
}

}  // namespace

void write_checkpoint_files(const fs::path& directory, const Checkpoint& checkpoint) {
  json state = checkpoint.state;
  state["format_version"] = kCheckpointFormatVersion;
  state["step"] = checkpoint.step;
  const std::string state_text = state.dump(1) + "\n";
  common::write_file_atomically(directory / kStateFile, state_text);
  const fs::path tensors = directory / kTensorsFile;
  const uint64_t checksum = write_safetensors(tensors, {checkpoint.tensors, {{"format", "pt"}}});
  const json complete{{"format_version", kCheckpointFormatVersion},
                      {"step", checkpoint.step},
                      {"files",
                       {{kStateFile, sum_json({state_text.size(), common::xxh3(state_text)})},
                        {kTensorsFile, sum_json({fs::file_size(tensors), checksum})}}}};
  common::write_file_atomically(directory / kCompleteFile, complete.dump(1) + "\n");
}

Checkpoint load_checkpoint(const fs::path& directory) {
  if (!fs::exists(directory / kCompleteFile)) {
    refuse(directory, "is not a complete checkpoint: it has no complete.json");
  }
  try {
    const json complete = json::parse(common::read_file(directory / kCompleteFile, kMaxJsonBytes));
    require_version(directory, complete);
    require_as_written(directory, complete);
    json state = json::parse(common::read_file(directory / kStateFile, kMaxJsonBytes));
    const auto step = state.at("step").get<int64_t>();
    return {step, std::move(state), read_safetensors(directory / kTensorsFile).tensors};
  } catch (const json::exception& error) {
    refuse(directory, std::string("is damaged: ") + error.what());
  }
}

}  // namespace checkpoints
