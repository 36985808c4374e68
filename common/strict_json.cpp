#include "common/strict_json.h"

#include <set>
#include <vector>

#include "common/error.h"

namespace common {
namespace {

using nlohmann::json;

/// Follows the parser; what it does not like ends the parse with an exception.
class Inspector {
 public:
  Inspector(const std::string& what, const JsonLimits& limits) : what_(what), limits_(limits) {}

  [[noreturn]] void refuse(const std::string& message) const {
    throw Error(ErrorKind::corrupt, what_ + " " + message);
  }

  bool see(json::parse_event_t event, const json& parsed) {
    using Event = json::parse_event_t;
    switch (event) {
      case Event::object_start:
      case Event::array_start:
        count_element();
        open_.emplace_back(event == Event::array_start);
        if (open_.size() > static_cast<size_t>(limits_.max_depth)) refuse("is nested too deep");
        break;
      case Event::object_end:
      case Event::array_end: open_.pop_back(); break;
      case Event::key: take_key(parsed.get_ref<const std::string&>()); break;
      case Event::value: count_element(); break;
    }
    return true;
  }

 private:
  struct Open {
    explicit Open(bool array) : is_array(array) {}
    bool is_array;
    size_t num_elements = 0;
    std::set<std::string> keys;
  };

  void count_element() {
    if (open_.empty() || !open_.back().is_array) return;
    if (++open_.back().num_elements > limits_.max_array) {
      refuse("has a list of more than " + std::to_string(limits_.max_array) + " elements");
    }
  }

  void take_key(const std::string& name) {
    if (!open_.back().keys.insert(name).second) refuse("has '" + name + "' twice");
  }

  const std::string& what_;
  const JsonLimits& limits_;
  std::vector<Open> open_;
};

}  // namespace

json parse_json_object(const std::string& text, const std::string& what, const JsonLimits& limits) {
  Inspector inspector(what, limits);
  try {
    json object = json::parse(text, [&](int, json::parse_event_t event, json& parsed) {
      return inspector.see(event, parsed);
    });
    if (!object.is_object()) inspector.refuse("is not a JSON object");
    return object;
  } catch (const json::exception&) {
    inspector.refuse("is not JSON");
  }
}

}  // namespace common
