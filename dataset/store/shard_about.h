#pragma once

#include <array>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace dataset {

/// Photos, not patches, are split: no patch of a validation photo is ever trained on.
enum class Split { train, valid };

/// "train" or "valid": as in the names of shards and in store.json.
inline const char* to_string(Split split) { return split == Split::train ? "train" : "valid"; }

inline constexpr int64_t kStoreFormatVersion = 4;

/// What decides the bytes of a store besides its photos.
struct StoreParameters {
  std::string recipe;  ///< as YAML
  uint64_t seed = 1;
  int64_t variants = 0;
  int64_t short_side = 0;  ///< pixels; 0: photos are not shrunk
  int64_t patch = 0;       ///< pixels a side
  /// Noise that is added to a sample when it is read, [lowest, highest] sigma in gray levels of
  /// 255.
  std::array<double, 2> awgn_sigma{};
  double awgn_probability = 1;  ///< share of the samples that it is added to
  bool awgn_on_damage = true;   ///< false: not to samples with damage
  std::string dirt;    ///< XXH3-64 of the pixels of the user's dirt pictures; empty: there are none
  int64_t ageing = 0;  ///< version of the code that aged the photos
  bool operator==(const StoreParameters&) const = default;
};

enum class PhotoUse { used, too_small, unreadable };

/// A photo of a store: which file it was and what became of it.
struct PhotoRecord {
  std::string name;
  int64_t number = 0;  ///< its place among all photos of the folders; keys its ageing
  Split split = Split::train;
  int64_t bytes = 0;
  int64_t mtime_ns = 0;
  uint64_t xxh3 = 0;  ///< of the file
  PhotoUse use = PhotoUse::used;
  std::string why;          ///< it was not used
  int64_t num_samples = 0;  ///< over all variants
};

/// What a shard says about itself, as JSON in its attribute "about": enough to make store.json
/// again, and to know whether it is the shard that a command would make.
struct ShardAbout {
  StoreParameters parameters;
  std::vector<PhotoRecord> photos;
};

nlohmann::ordered_json to_json(const StoreParameters& parameters);
nlohmann::ordered_json to_json(const PhotoRecord& photo);
std::string to_text(const ShardAbout& about);

/// These throw nlohmann's exceptions for a missing key or another type.
StoreParameters parameters_from_json(const nlohmann::json& object);
PhotoRecord photo_from_json(const nlohmann::json& object);

/// `where` begins the message. Throws Error(config) for another format version, Error(corrupt) if
/// the text is not what a shard says about itself.
ShardAbout parse_shard_about(const std::string& text, const std::string& where);

/// Throws Error(config) that says what to run unless the version is the one of this program.
void check_format_version(int64_t version, const std::string& where);

}  // namespace dataset
