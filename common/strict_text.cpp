#include "common/strict_text.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <vector>

#include "common/error.h"

namespace common {
namespace {

constexpr int kMaxYamlDepth = 32;

/// Of duplicate keys yaml-cpp silently takes the first.
void refuse_traps(const YAML::Node& node, const std::string& where, int depth) {
  if (depth > kMaxYamlDepth) throw config_error(where + " is nested too deeply");
  if (node.IsSequence()) {
    for (const auto& item : node) refuse_traps(item, where, depth + 1);
  }
  if (!node.IsMap()) return;
  std::set<std::string> keys;
  for (const auto& item : node) {
    if (!keys.insert(item.first.Scalar()).second) {
      throw config_error(fmt::format("{}:{}: '{}' stands there twice", where,
                                     item.first.Mark().line + 1, item.first.Scalar()));
    }
    refuse_traps(item.second, where, depth + 1);
  }
}

/// Finds anchors and aliases outside quotes and comments, without following them.
class AnchorFinder : public YAML::EventHandler {
 public:
  bool found = false;
  void OnAnchor(const YAML::Mark&, const std::string&) override { found = true; }
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override { found = true; }

  using Style = YAML::EmitterStyle::value;
  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t,
                const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t, Style) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t, Style) override {}
  void OnMapEnd() override {}
};

using nlohmann::json;

/// Sees what the parser has read so far, and throws at what it refuses.
class Inspector {
 public:
  Inspector(const std::string& what, const JsonLimits& limits) : what_(what), limits_(limits) {}

  [[noreturn]] void refuse(const std::string& message) const {
    throw corrupt_error(what_ + " " + message);
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

YAML::Node parse_strict_yaml(const std::string& text, const std::string& where) {
  try {
    AnchorFinder anchors;
    std::istringstream stream(text);
    YAML::Parser(stream).HandleNextDocument(anchors);
    if (anchors.found) {
      throw config_error(where + ": anchors and aliases are not allowed; repeat the value");
    }
    YAML::Node root = YAML::Load(text);
    refuse_traps(root, where, 0);
    return root;
  } catch (const YAML::Exception& error) {
    throw config_error(fmt::format("{}:{}: {}", where, error.mark.line + 1, error.msg));
  }
}

json parse_strict_json(const std::string& text, const std::string& what, const JsonLimits& limits) {
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
