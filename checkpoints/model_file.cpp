#include "checkpoints/model_file.h"

#include "common/error.h"
#include "common/strict_text.h"

namespace checkpoints {
namespace {

// Metadata of a safetensors file are texts. "format" tells PyTorch's readers that the tensors are
// PyTorch's.
constexpr char kVersionKey[] = "restore.format_version";
constexpr char kNetworkKey[] = "restore.network";
constexpr char kAboutKey[] = "restore.about";

[[noreturn]] void refuse_model(const std::filesystem::path& path, const std::string& message) {
  throw common::corrupt_error(path.string() + " " + message);
}

nlohmann::json metadata_json(const std::filesystem::path& path, const TensorFile& file,
                             const char* key) {
  const auto found = file.metadata.find(key);
  if (found == file.metadata.end()) {
    refuse_model(path, std::string("is a model file without '") + key + "'; export it again");
  }
  return common::parse_strict_json(found->second,
                                   path.string() + " is a model file whose '" + key + "'");
}

void require_our_version(const std::filesystem::path& path, const TensorFile& file) {
  const auto version = file.metadata.find(kVersionKey);
  if (version == file.metadata.end()) {
    refuse_model(path, "is a safetensors file but not a model of restore: its metadata lack '" +
                           std::string(kVersionKey) + "'; make one with restore-export");
  }
  if (version->second != std::to_string(kModelFormatVersion)) {
    refuse_model(path, "is a model file of format version " + version->second +
                           "; this program reads " + std::to_string(kModelFormatVersion) +
                           ": export the model again, or use the program that wrote it");
  }
}

}  // namespace

void write_model_file(const std::filesystem::path& path, const ModelFile& model) {
  write_safetensors(path, {model.weights,
                           {{"format", "pt"},
                            {kVersionKey, std::to_string(kModelFormatVersion)},
                            {kNetworkKey, model.network.dump()},
                            {kAboutKey, model.about.dump()}}});
}

ModelFile read_model_file(const std::filesystem::path& path) {
  TensorFile file = read_safetensors(path);
  require_our_version(path, file);
  return {metadata_json(path, file, kNetworkKey), metadata_json(path, file, kAboutKey),
          std::move(file.tensors)};
}

}  // namespace checkpoints
