#include "webui/page_protocol.h"

#include <sys/random.h>

#include <array>
#include <nlohmann/json.hpp>

#include "common/error.h"
#include "webui/web_text.h"

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
                 {"view", to_string(photo.view)},
                 {"version", photo.result.version}};
  if (photo.result.version == 0) return object;
  object["has_damage"] = photo.result.has_damage;
  object["sensitivity"] = photo.result.sensitivity;
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

std::string random_token() {
  std::array<uint8_t, 16> bytes{};
  // Up to 256 bytes come whole or not at all, once the kernel has gathered enough at its start.
  if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    throw common::io_error("no random bits from", "getrandom");
  }
  std::string token;
  for (const uint8_t byte : bytes) {
    token += "0123456789abcdef"[byte >> 4];
    token += "0123456789abcdef"[byte & 15];
  }
  return token;
}

bool same_token(std::string_view said, std::string_view token) {
  if (said.size() != token.size()) return false;
  unsigned different = 0;
  for (size_t i = 0; i < token.size(); ++i) {
    different |= static_cast<unsigned char>(said[i]) ^ static_cast<unsigned char>(token[i]);
  }
  return different == 0;
}

bool is_our_host(std::string_view host, int port) {
  const std::string suffix = ":" + std::to_string(port);
  return host == "127.0.0.1" + suffix || host == "localhost" + suffix;
}

bool is_our_origin(std::string_view origin, int port) {
  constexpr std::string_view kScheme = "http://";
  if (origin.empty()) return true;
  return origin.substr(0, kScheme.size()) == kScheme &&
         is_our_host(origin.substr(kScheme.size()), port);
}

std::string_view after_token(std::string_view path, std::string_view token) {
  if (path.size() < token.size() + 2 || path[0] != '/' || path[token.size() + 1] != '/') return {};
  if (!same_token(path.substr(1, token.size()), token)) return {};
  return path.substr(token.size() + 1);
}

restore::RestoreOptions parse_options(const std::function<std::string(const char* name)>& value) {
  restore::RestoreOptions options;
  const std::string tasks = value("tasks");
  if (tasks.empty()) {
    throw common::usage_error("nothing is chosen that should be done");
  }
  options.tasks = restore::parse_tasks(tasks);
  options.keep_colour = value("colours") == "keep";
  options.only_mask = value("mask") == "only";
  const std::string strength = value("strength");
  if (!strength.empty()) options.strength = restore::parse_strength(strength);
  const std::string sensitivity = value("sensitivity");
  if (!sensitivity.empty()) options.sensitivity = restore::parse_sensitivity(sensitivity);
  return options;
}

std::string state_json(const std::vector<PhotoStatus>& photos, const PageLimits& limits,
                       double sensitivity) {
  json list = json::array();
  for (const auto& photo : photos) list.push_back(object_of(photo));
  return text_of({{"photos", list},
                  {"limits",
                   {{"max_bytes", limits.max_upload_bytes},
                    {"max_size", size_in_words(limits.max_upload_bytes)},
                    {"max_photos", limits.max_photos}}},
                  {"damage",
                   {{"even_level", restore::kEvenLevel},
                    {"levels_per_logit", restore::kLevelsPerLogit},
                    {"logit_per_sensitivity", restore::kLogitPerSensitivity},
                    {"much", restore::kMuchDamage},
                    {"sensitivity", sensitivity}}}});
}

std::string photo_json(const PhotoStatus& photo) { return text_of(object_of(photo)); }

std::string error_json(const std::string& message) { return text_of({{"error", message}}); }

}  // namespace webui
