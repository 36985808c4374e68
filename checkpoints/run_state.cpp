#include "checkpoints/run_state.h"

#include "common/error.h"

namespace checkpoints {
namespace {

using nlohmann::json;

template <class T>
void write_key(json& object, const char* key, const T& value) {
  object[key] = value;
}
template <class T>
void write_key(json& object, const char* key, const std::optional<T>& value) {
  if (value) object[key] = *value;
}

/// Stricter than nlohmann, which turns any number into any other.
template <class T>
bool has_type(const json& value) {
  if constexpr (std::is_same_v<T, int64_t>) {
    return value.is_number_integer() &&
           (!value.is_number_unsigned() || value.get<uint64_t>() <= INT64_MAX);
  }
  return !std::is_same_v<T, json> || value.is_object();
}

template <class T>
void read_key(const json& object, const char* key, T& value) {
  const json& found = object.at(key);
  if (!has_type<T>(found)) {
    throw common::corrupt_error("a checkpoint's state.json has '" + std::string(key) +
                                "': " + found.dump());
  }
  found.get_to(value);
}
template <class T>
void read_key(const json& object, const char* key, std::optional<T>& value) {
  if (object.contains(key)) read_key(object, key, value.emplace());
}

}  // namespace

json run_state_json(const RunState& state) {
  json object;
  RunState copy = state;  // fields() gives what may be changed
  copy.fields([&](const char* key, const auto& value) { write_key(object, key, value); });
  return object;
}

RunState parse_run_state(const json& object) {
  try {
    RunState state;
    state.fields([&](const char* key, auto& value) { read_key(object, key, value); });
    return state;
  } catch (const json::exception& error) {
    throw common::corrupt_error(
        std::string("a checkpoint's state.json is not one of restore-worker: ") + error.what());
  }
}

}  // namespace checkpoints
