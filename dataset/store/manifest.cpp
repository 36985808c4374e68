#include "dataset/store/manifest.h"

#include "common/command_line.h"
#include "common/error.h"
#include "common/files.h"
#include "common/hash.h"

namespace dataset {
namespace fs = std::filesystem;
using common::Error;
using common::ErrorKind;
using nlohmann::json;
using nlohmann::ordered_json;

namespace {

constexpr const char* kFormat = "restore-store";

ordered_json split_json(const Manifest& manifest, Split split) {
  ordered_json shards = ordered_json::array();
  for (const ShardEntry& shard : manifest.shards) {
    if (shard.split != split) continue;
    shards.push_back(ordered_json{{"file", shard.file},
                                  {"samples", shard.samples},
                                  {"bytes", shard.bytes},
                                  {"xxh3", common::hex64(shard.xxh3)}});
  }
  return {{"samples", manifest.num_samples(split)}, {"shards", shards}};
}

void read_split(const json& splits, Split split, Manifest& manifest) {
  for (const json& shard : splits.at(to_string(split)).at("shards")) {
    const auto file = shard.at("file").get<std::string>();
    if (file.empty() || file.find('/') != std::string::npos) {
      throw common::corrupt_error("'" + file + "' is no name of a shard in the store's folder");
    }
    manifest.shards.push_back({file, split, shard.at("samples").get<int64_t>(),
                               shard.at("bytes").get<int64_t>(),
                               common::parse_hex64(shard.at("xxh3").get<std::string>())});
  }
}

Manifest parse(const std::string& text, const fs::path& path) {
  const json parsed = json::parse(text);
  if (parsed.value("format", "") != kFormat) {
    throw common::corrupt_error("its format is not '" + std::string(kFormat) + "'");
  }
  check_format_version(parsed.at("format_version").get<int64_t>(), path.string());
  Manifest manifest;
  manifest.parameters = parameters_from_json(parsed.at("parameters"));
  read_split(parsed.at("splits"), Split::train, manifest);
  read_split(parsed.at("splits"), Split::valid, manifest);
  manifest.virtual_xxh3 = common::parse_hex64(parsed.at("virtual_xxh3").get<std::string>());
  for (const json& photo : parsed.at("photos")) manifest.photos.push_back(photo_from_json(photo));
  if (parsed.at("fingerprint").get<std::string>() != manifest.fingerprint()) {
    throw common::corrupt_error("its fingerprint is not that of the shards that it lists");
  }
  return manifest;
}

}  // namespace

fs::path manifest_path(const fs::path& folder) { return folder / "store.json"; }

int64_t Manifest::num_samples(Split split) const {
  int64_t count = 0;
  for (const ShardEntry& shard : shards) count += shard.split == split ? shard.samples : 0;
  return count;
}

std::string Manifest::fingerprint() const {
  std::string text = std::to_string(parameters.patch);
  for (const ShardEntry& shard : shards) {
    text += std::string("\n") + to_string(shard.split) + " " + std::to_string(shard.samples) + " " +
            common::hex64(shard.xxh3);
  }
  return common::hex64(common::xxh3(text));
}

void write_manifest(const fs::path& folder, const Manifest& manifest) {
  ordered_json photos = ordered_json::array();
  for (const PhotoRecord& photo : manifest.photos) photos.push_back(to_json(photo));
  const ordered_json document{{"format", kFormat},
                              {"format_version", kStoreFormatVersion},
                              {"written_by", std::string("restore-shard ") + common::kVersion},
                              {"fingerprint", manifest.fingerprint()},
                              {"parameters", to_json(manifest.parameters)},
                              {"splits",
                               {{"train", split_json(manifest, Split::train)},
                                {"valid", split_json(manifest, Split::valid)}}},
                              {"virtual_xxh3", common::hex64(manifest.virtual_xxh3)},
                              {"photos", photos}};
  common::write_file_atomically(
      manifest_path(folder), document.dump(1, ' ', false, json::error_handler_t::replace) + "\n");
}

Manifest read_manifest(const fs::path& folder) {
  const fs::path path = manifest_path(folder);
  if (!fs::exists(path)) {
    throw common::usage_error(folder.string() +
                              " holds no finished store: it has no store.json. Make it, or "
                              "finish it: restore-shard --photos DIR --store " +
                              folder.string());
  }
  const std::string text = common::read_file(path);
  const auto damaged = [&](const char* why) {
    return Error(ErrorKind::corrupt,
                 path.string() + " is damaged: " + why +
                     ". Delete it and run the restore-shard command of this store again: it is "
                     "written again and whole shards are kept");
  };
  try {
    return parse(text, path);
  } catch (const json::exception& error) {
    throw damaged(error.what());
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::corrupt) throw damaged(error.what());
    throw;
  }
}

}  // namespace dataset
