#include "common/strict_yaml.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>

#include <set>
#include <sstream>

#include "common/error.h"

namespace common {
namespace {

constexpr int kMaxDepth = 32;

/// yaml-cpp lets aliases explode and the first of duplicate keys win silently: both are refused
/// here.
void refuse_traps(const YAML::Node& node, const std::string& where, int depth) {
  if (depth > kMaxDepth) throw Error(ErrorKind::config, where + " is nested too deeply");
  if (node.IsSequence()) {
    for (const auto& item : node) refuse_traps(item, where, depth + 1);
  }
  if (!node.IsMap()) return;
  std::set<std::string> keys;
  for (const auto& item : node) {
    if (!keys.insert(item.first.Scalar()).second) {
      throw Error(ErrorKind::config, fmt::format("{}:{}: '{}' stands there twice", where,
                                                 item.first.Mark().line + 1, item.first.Scalar()));
    }
    refuse_traps(item.second, where, depth + 1);
  }
}

/// True if the text has an anchor or alias outside quotes and comments; the parser would already
/// have followed them.
class AliasFinder : public YAML::EventHandler {
 public:
  bool found = false;
  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t anchor) override { see(anchor); }
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override { found = true; }
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t anchor,
                const std::string&) override {
    see(anchor);
  }
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    see(anchor);
  }
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    see(anchor);
  }
  void OnMapEnd() override {}

 private:
  void see(YAML::anchor_t anchor) { found = found || anchor != 0; }
};

}  // namespace

YAML::Node parse_strict_yaml(const std::string& text, const std::string& where) {
  try {
    AliasFinder aliases;
    std::istringstream stream(text);
    YAML::Parser(stream).HandleNextDocument(aliases);
    if (aliases.found) {
      throw Error(ErrorKind::config,
                  where + ": anchors and aliases are not allowed; repeat the value");
    }
    YAML::Node root = YAML::Load(text);
    refuse_traps(root, where, 0);
    return root;
  } catch (const YAML::Exception& error) {
    throw Error(ErrorKind::config, fmt::format("{}:{}: {}", where, error.mark.line + 1, error.msg));
  }
}

}  // namespace common
