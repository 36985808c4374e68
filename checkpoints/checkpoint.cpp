#include "checkpoints/checkpoint.h"

#include <unistd.h>

#include <cerrno>

#include "checkpoints/safetensors.h"
#include "common/error.h"
#include "common/files.h"
#include "common/hash.h"
#include "common/strict_text.h"

namespace checkpoints {
namespace fs = std::filesystem;
namespace {

using common::parse_strict_json;
using nlohmann::json;

constexpr size_t kMaxJsonBytes = size_t{64} << 20;

[[noreturn]] void refuse_checkpoint(const fs::path& directory, const std::string& message) {
  throw common::corrupt_error(directory.string() + " " + message);
}

struct FileSum {
  uint64_t num_bytes = 0;
  uint64_t xxh3 = 0;
  bool operator==(const FileSum&) const = default;
};

json sum_json(const FileSum& sum) {
  return {{"bytes", sum.num_bytes}, {"xxh3", common::hex64(sum.xxh3)}};
}

FileSum parse_sum(const fs::path& directory, const json& complete, const char* name) {
  const json& sum = complete.at("files").at(name);
  try {
    return {sum.at("bytes").get<uint64_t>(),
            common::parse_hex64(sum.at("xxh3").get<std::string>())};
  } catch (const common::Error& error) {
    refuse_checkpoint(directory, "is damaged: in complete.json " + std::string(error.what()));
  }
}

void require_version(const fs::path& directory, const json& complete) {
  const json& version = complete.at("format_version");
  if (version == kCheckpointFormatVersion) return;
  refuse_checkpoint(directory, "is a checkpoint of format version " + version.dump() +
                                   "; this program reads " +
                                   std::to_string(kCheckpointFormatVersion));
}

void require_as_written(const fs::path& directory, const char* name, const FileSum& found,
                        const FileSum& written) {
  if (found == written) return;
  refuse_checkpoint(directory, std::string("is damaged: size or checksum of ") + name +
                                   " is not what complete.json says");
}

RunState read_state(const fs::path& directory, const FileSum& written) {
  const fs::path path = directory / kStateFile;
  const std::string text = common::read_file(path, kMaxJsonBytes);
  require_as_written(directory, kStateFile, {text.size(), common::xxh3(text)}, written);
  return parse_run_state(parse_strict_json(text, path.string()));
}

/// Reads once: the checksum is that of the bytes that the tensors were made from.
std::vector<device::NamedTensor> read_tensors(const fs::path& directory, const FileSum& written) {
  const fs::path path = directory / kTensorsFile;
  std::error_code error;
  const uint64_t num_bytes = fs::file_size(path, error);
  if (error) throw common::Error(common::ErrorKind::io, path.string() + ": " + error.message());
  require_as_written(directory, kTensorsFile, {num_bytes, written.xxh3}, written);
  common::Xxh3Stream checksum;
  TensorFile file = read_safetensors(path, &checksum);
  require_as_written(directory, kTensorsFile, {num_bytes, checksum.digest()}, written);
  return std::move(file.tensors);
}

}  // namespace

void write_checkpoint(const fs::path& directory, const Checkpoint& checkpoint) {
  json state = run_state_json(checkpoint.state);
  state["format_version"] = kCheckpointFormatVersion;
  const std::string state_text = state.dump(1) + "\n";
  common::write_file_atomically(directory / kStateFile, state_text);
  const fs::path tensors = directory / kTensorsFile;
  const uint64_t checksum = write_safetensors(tensors, {checkpoint.tensors, {{"format", "pt"}}});
  const json complete{{"format_version", kCheckpointFormatVersion},
                      {"step", checkpoint.state.step},
                      {"files",
                       {{kStateFile, sum_json({state_text.size(), common::xxh3(state_text)})},
                        {kTensorsFile, sum_json({fs::file_size(tensors), checksum})}}}};
  common::write_file_atomically(directory / kCompleteFile, complete.dump(1) + "\n");
}

Checkpoint load_checkpoint(const fs::path& directory) {
  if (!fs::exists(directory / kCompleteFile)) {
    refuse_checkpoint(directory, "is not a complete checkpoint: it has no complete.json");
  }
  try {
    const fs::path path = directory / kCompleteFile;
    const json complete = parse_strict_json(common::read_file(path, kMaxJsonBytes), path.string());
    require_version(directory, complete);
    RunState state = read_state(directory, parse_sum(directory, complete, kStateFile));
    if (state.step < 0 || complete.at("step") != state.step) {
      refuse_checkpoint(directory, "is damaged: state.json and complete.json name different steps");
    }
    return {std::move(state),
            read_tensors(directory, parse_sum(directory, complete, kTensorsFile))};
  } catch (const json::exception& error) {
    refuse_checkpoint(directory, std::string("is damaged: ") + error.what());
  }
}

std::optional<int64_t> BestMark::step() const {
  if (!fs::exists(path_)) return {};
  try {
    return parse_strict_json(common::read_file(path_), path_.string()).at("step").get<int64_t>();
  } catch (const json::exception& error) {
    throw common::corrupt_error(path_.string() + " must hold {\"step\": N}: " + error.what());
  }
}

void BestMark::set(int64_t step) const {
  common::write_file_atomically(path_, json{{"step", step}}.dump() + "\n");
}

void BestMark::remove() const {
  if (::unlink(path_.c_str()) != 0 && errno != ENOENT) {
    throw common::io_error("cannot remove", path_);
  }
  common::sync_path(path_.parent_path());
}

}  // namespace checkpoints
