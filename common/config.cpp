#include "common/config.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <map>
#include <set>

#include "common/error.h"
#include "common/files.h"
#include "common/strict_text.h"

namespace common {
namespace {

constexpr size_t kMaxBytes = 1 << 20;

/// Levenshtein's distance between two short words.
size_t edit_distance(const std::string& a, const std::string& b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

std::string nearest(const std::string& word, const std::set<std::string>& known) {
  const auto closer = [&](const std::string& a, const std::string& b) {
    return edit_distance(word, a) < edit_distance(word, b);
  };
  const auto best = std::min_element(known.begin(), known.end(), closer);
  if (best == known.end()) return "";
  if (2 * edit_distance(word, *best) <= std::max(word.size(), best->size())) {
    return "; the nearest known one is '" + *best + "'";
  }
  return fmt::format("; known are {}", fmt::join(known, ", "));
}

/// Quoted where YAML would read something else than this text.
std::string quoted(const std::string& text) {
  YAML::Emitter emitter;
  emitter << YAML::DoubleQuoted << text;
  return emitter.c_str();
}

/// The shortest decimal that reads back to the same double.
std::string number(double value) { return fmt::format("{}", value); }

}  // namespace

/// A value with the place that it came from.
struct ConfigSource::Document {
  struct Entry {
    YAML::Node value;
    std::string where;  // "configs/train.yaml:12" or "--set"
  };
  std::map<std::string, std::map<std::string, Entry>> sections;
  std::map<std::string, std::string> section_where;
  std::map<std::string, std::set<std::string>> known;

  void load(const std::filesystem::path& path) {
    const std::string where = path.string();
    const YAML::Node root = parse_strict_yaml(read_file(path, kMaxBytes), where);
    if (root.IsNull()) return;
    if (!root.IsMap()) throw config_error(where + ": expected sections, each 'name:'");
    for (const auto& section : root) {
      const std::string name = section.first.Scalar();
      const auto line = [&](const YAML::Node& node) {
        return fmt::format("{}:{}", where, node.Mark().line + 1);
      };
      section_where[name] = line(section.first);
      if (section.second.IsNull()) continue;
      if (!section.second.IsMap()) {
        throw config_error(line(section.first) + ": section '" + name +
                           "' must hold 'key: value' lines");
      }
      for (const auto& item : section.second) {
        sections[name][item.first.Scalar()] = {item.second, line(item.first)};
      }
    }
  }

  void override_with(const std::string& word) {
    const size_t dot = word.find('.'), equals = word.find('=');
    if (dot == std::string::npos || equals == std::string::npos || dot > equals) {
      throw config_error("--set " + word + ": expected section.key=value");
    }
    const std::string section = word.substr(0, dot);
    section_where.emplace(section, "--set " + word);
    const std::string key = word.substr(dot + 1, equals - dot - 1);
    const std::string where = "--set " + word;
    sections[section][key] = {parse_strict_yaml(word.substr(equals + 1), where), where};
  }
};

ConfigSource::ConfigSource(const std::filesystem::path& path,
                           const std::vector<std::string>& overrides)
    : document_(std::make_unique<Document>()) {
  if (!path.empty()) document_->load(path);
  for (const std::string& word : overrides) document_->override_with(word);
}

ConfigSource::~ConfigSource() = default;

FieldReader ConfigSource::section(const char* name) {
  document_->known[name];
  return {*this, name};
}

void ConfigSource::refuse_unknown() const {
  std::set<std::string> known_sections;
  for (const auto& [name, keys] : document_->known) known_sections.insert(name);
  for (const auto& [name, where] : document_->section_where) {
    const auto known = document_->known.find(name);
    if (known == document_->known.end()) {
      throw config_error(where + ": unknown section '" + name + "'" +
                         nearest(name, known_sections));
    }
    for (const auto& [key, entry] : document_->sections[name]) {
      if (known->second.count(key) == 0) {
        throw config_error(entry.where + ": unknown key '" + name + "." + key + "'" +
                           nearest(key, known->second));
      }
    }
  }
}

template <class T>
void FieldReader::read_as(const char* key, T& value, const char* expected) {
  auto& document = *source_.document_;
  document.known[section_].insert(key);
  const auto& entries = document.sections[section_];
  const auto found = entries.find(key);
  if (found == entries.end()) return;
  try {
    value = found->second.value.as<T>();
  } catch (const YAML::Exception&) {
    const std::string got = found->second.value.IsScalar() ? found->second.value.Scalar()
                            : found->second.value.IsNull() ? "nothing"
                                                           : "a list or map";
    throw config_error(fmt::format("{}: {}.{} must be {}, got '{}'", found->second.where, section_,
                                   key, expected, got));
  }
}

void FieldReader::read(const char* key, bool& value) { read_as(key, value, "true or false"); }
void FieldReader::read(const char* key, int64_t& value) { read_as(key, value, "a whole number"); }
void FieldReader::read(const char* key, double& value) { read_as(key, value, "a number"); }
void FieldReader::read(const char* key, std::string& value) { read_as(key, value, "a text"); }
void FieldReader::read(const char* key, std::vector<int64_t>& value) {
  read_as(key, value, "a list of whole numbers");
}
void FieldReader::read(const char* key, std::vector<std::string>& value) {
  read_as(key, value, "a list of texts");
}

void FieldReader::read(const char* key, Range& value) {
  std::vector<double> ends{value.low, value.high};
  auto& document = *source_.document_;
  const auto& entries = document.sections[section_];
  const auto found = entries.find(key);
  if (found != entries.end() && found->second.value.IsScalar()) {
    double single = 0;
    read_as(key, single, "a number or [low, high]");
    ends = {single, single};
  } else {
    read_as(key, ends, "a number or [low, high]");
  }
  if (ends.size() != 2 || !(ends[0] <= ends[1])) {
    throw config_error(fmt::format("{}: {}.{} must be [low, high] with low <= high",
                                   found->second.where, section_, key));
  }
  value = {ends[0], ends[1]};
}

void FieldWriter::begin(const char* section) { text_ += std::string(section) + ":\n"; }

void FieldWriter::line(const char* key, const std::string& value, const char* comment) {
  text_ += fmt::format("  {}: {}", key, value);
  if (with_comments_ && *comment != '\0') text_ += fmt::format("  # {}", comment);
  text_ += '\n';
}

void FieldWriter::write(const char* key, bool value, const char* comment) {
  line(key, value ? "true" : "false", comment);
}
void FieldWriter::write(const char* key, int64_t value, const char* comment) {
  line(key, std::to_string(value), comment);
}
void FieldWriter::write(const char* key, double value, const char* comment) {
  line(key, number(value), comment);
}
void FieldWriter::write(const char* key, const std::string& value, const char* comment) {
  line(key, quoted(value), comment);
}
void FieldWriter::write(const char* key, const Range& value, const char* comment) {
  line(key, "[" + number(value.low) + ", " + number(value.high) + "]", comment);
}
void FieldWriter::write(const char* key, const std::vector<int64_t>& value, const char* comment) {
  line(key, fmt::format("[{}]", fmt::join(value, ", ")), comment);
}
void FieldWriter::write(const char* key, const std::vector<std::string>& value,
                        const char* comment) {
  std::vector<std::string> words;
  for (const std::string& word : value) words.push_back(quoted(word));
  line(key, fmt::format("[{}]", fmt::join(words, ", ")), comment);
}

}  // namespace common
