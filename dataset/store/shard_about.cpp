#include "dataset/store/shard_about.h"

#include <array>

#include "common/error.h"
#include "common/hash.h"

namespace dataset {
using nlohmann::json;
using nlohmann::ordered_json;

namespace {

constexpr std::array<const char*, 3> kUses{"used", "too small", "unreadable"};

PhotoUse use_from(const std::string& word) {
  for (size_t i = 0; i < kUses.size(); ++i) {
    if (word == kUses[i]) return static_cast<PhotoUse>(i);
  }
  throw common::corrupt_error("'" + word + "' is no use of a photo");
}

Split split_from(const std::string& word) {
  if (word != "train" && word != "valid") {
    throw common::corrupt_error("'" + word + "' is no split; train or valid was expected");
  }
  return word == "train" ? Split::train : Split::valid;
}

/// The parameters in JSON, in the order in which they are written.
template <class Parameters, class F>
void visit_keys(Parameters& parameters, F&& field) {
  field("seed", parameters.seed);
  field("variants", parameters.variants);
  field("short_side", parameters.short_side);
  field("patch", parameters.patch);
  field("awgn_sigma", parameters.awgn_sigma);
  field("awgn_probability", parameters.awgn_probability);
  field("awgn_on_damage", parameters.awgn_on_damage);
  field("dirt", parameters.dirt);
  field("ageing", parameters.ageing);
  field("recipe", parameters.recipe);
}

}  // namespace

ordered_json to_json(const StoreParameters& parameters) {
  ordered_json object;
  visit_keys(parameters, [&](const char* key, const auto& value) { object[key] = value; });
  return object;
}

StoreParameters parameters_from_json(const json& object) {
  StoreParameters parameters;
  visit_keys(parameters, [&](const char* key, auto& value) { object.at(key).get_to(value); });
  return parameters;
}

ordered_json to_json(const PhotoRecord& photo) {
  ordered_json object{{"name", photo.name},
                      {"number", photo.number},
                      {"split", to_string(photo.split)},
                      {"bytes", photo.bytes},
                      {"mtime_ns", photo.mtime_ns},
                      {"xxh3", common::hex64(photo.xxh3)},
                      {"use", kUses[static_cast<size_t>(photo.use)]},
                      {"samples", photo.num_samples}};
  if (!photo.why.empty()) object["why"] = photo.why;
  return object;
}

PhotoRecord photo_from_json(const json& object) {
  PhotoRecord photo;
  object.at("name").get_to(photo.name);
  object.at("number").get_to(photo.number);
  photo.split = split_from(object.at("split").get<std::string>());
  object.at("bytes").get_to(photo.bytes);
  object.at("mtime_ns").get_to(photo.mtime_ns);
  photo.xxh3 = common::parse_hex64(object.at("xxh3").get<std::string>());
  photo.use = use_from(object.at("use").get<std::string>());
  object.at("samples").get_to(photo.num_samples);
  photo.why = object.value("why", "");
  return photo;
}

std::string to_text(const ShardAbout& about) {
  ordered_json photos = ordered_json::array();
  for (const PhotoRecord& photo : about.photos) photos.push_back(to_json(photo));
  const ordered_json document{{"format_version", kStoreFormatVersion},
                              {"parameters", to_json(about.parameters)},
                              {"photos", photos}};
  // A message of a library may hold any bytes; JSON only holds UTF-8.
  return document.dump(-1, ' ', false, json::error_handler_t::replace);
}

ShardAbout parse_shard_about(const std::string& text, const std::string& where) {
  try {
    const json parsed = json::parse(text);
    check_format_version(parsed.at("format_version").get<int64_t>(), where);
    ShardAbout about{parameters_from_json(parsed.at("parameters")), {}};
    for (const json& photo : parsed.at("photos")) about.photos.push_back(photo_from_json(photo));
    return about;
  } catch (const json::exception& error) {
    throw common::corrupt_error(where + ": 'about' is not that of a shard: " + error.what());
  }
}

void check_format_version(int64_t version, const std::string& where) {
  if (version == kStoreFormatVersion) return;
  throw common::config_error(
      where + " has store format " + std::to_string(version) +
      "; this program reads and writes format " + std::to_string(kStoreFormatVersion) +
      ". Make the store again: restore-shard --photos DIR --store DIR --overwrite");
}

}  // namespace dataset
