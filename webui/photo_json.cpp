#include "webui/photo_json.h"

#include <nlohmann/json.hpp>

#include "webui/html_text.h"
#include "webui/upload_name.h"

namespace webui {
namespace {

using nlohmann::json;

json facts_of(const PhotoStatus& photo) {
  json facts = json::array();
  for (const auto& [label, text] : photo.result.facts) facts.push_back({label, text});
  return facts;
}

json object_of(const PhotoStatus& photo) {
  json object = {{"id", photo.id},
                 {"name", photo.name},
                 {"bytes", size_in_words(photo.num_bytes)},
                 {"width", photo.size.width},
                 {"height", photo.size.height},
                 {"state", to_string(photo.state)},
                 {"progress", photo.progress},
                 {"message", photo.message},
                 {"version", photo.result.version}};
  if (photo.result.version == 0) return object;
  object["has_damage"] = photo.result.has_damage;
  object["facts"] = facts_of(photo);
  object["notes"] = photo.result.notes;
  object["result_name"] = download_name(photo.name, photo.result.format);
  return object;
}

/// Notes and messages may hold bytes of a file, which need not be UTF-8.
std::string text_of(const json& object) {
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

std::string state_json(const std::vector<PhotoStatus>& photos, const UploadLimits& limits,
                       int max_photos) {
  json list = json::array();
  for (const auto& photo : photos) list.push_back(object_of(photo));
  return text_of({{"photos", list},
                  {"limits",
                   {{"max_bytes", limits.max_bytes},
                    {"max_size", size_in_words(limits.max_bytes)},
                    {"max_photos", max_photos}}}});
}

std::string photo_json(const PhotoStatus& photo) { return text_of(object_of(photo)); }

std::string error_json(const std::string& message) { return text_of({{"error", message}}); }

}  // namespace webui
