#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "common/error.h"

namespace common {

/// An interval of a recipe, written [low, high] in YAML; a single number x stands for [x, x].
struct Range {
  double low = 0;
  double high = 0;
};

class ConfigSource;

/// Reads the fields of one section; made by ConfigSource.
class FieldReader {
 public:
  void read(const char* key, bool& value);
  void read(const char* key, int64_t& value);
  void read(const char* key, double& value);
  void read(const char* key, std::string& value);
  void read(const char* key, Range& value);
  void read(const char* key, std::vector<int64_t>& value);
  void read(const char* key, std::vector<std::string>& value);

 private:
  friend class ConfigSource;
  FieldReader(ConfigSource& source, std::string section)
      : source_(source), section_(std::move(section)) {}
  template <class T>
  void read_as(const char* key, T& value, const char* expected);
  ConfigSource& source_;
  std::string section_;
};

/// One YAML document with the overrides laid over it; remembers which keys were asked for.
class ConfigSource {
 public:
  ConfigSource(const std::filesystem::path& path, const std::vector<std::string>& overrides);
  ~ConfigSource();

  FieldReader section(const char* name);

  /// Throws Error(config) for the first section or key that nobody asked for, with the nearest one
  /// that was.
  void refuse_unknown() const;

 private:
  friend class FieldReader;
  struct Document;
  std::unique_ptr<Document> document_;
};

/// Writes sections and fields as YAML.
class FieldWriter {
 public:
  explicit FieldWriter(bool with_comments) : with_comments_(with_comments) {}
  void begin(const char* section);
  void write(const char* key, bool value, const char* comment);
  void write(const char* key, int64_t value, const char* comment);
  void write(const char* key, double value, const char* comment);
  void write(const char* key, const std::string& value, const char* comment);
  void write(const char* key, const Range& value, const char* comment);
  void write(const char* key, const std::vector<int64_t>& value, const char* comment);
  void write(const char* key, const std::vector<std::string>& value, const char* comment);
  const std::string& text() const { return text_; }

 private:
  void line(const char* key, const std::string& value, const char* comment);
  bool with_comments_;
  std::string text_;
};

/// Fills `config` from a YAML file and from `--set section.key=value` words, the latter winning.
///
/// A configuration is a struct of sections, each a struct of fields that lives beside the code it
/// configures:
///     struct ScheduleConfig {
///       int64_t steps = 1000;
///       template <class F> void fields(F&& field) { field("steps", steps, "optimizer steps of the
///       run"); } void validate() const;  // throws Error(config) with the value, the range and
///       what to do
///     };
///     struct TrainConfig {
///       ScheduleConfig schedule;
///       template <class S> void sections(S&& section) { section("schedule", schedule); }
///     };
/// Field types: bool, int64_t, double, std::string, Range, std::vector<int64_t>,
/// std::vector<std::string>.
///
/// `path` may be empty: defaults and `overrides` only. Every section is validated.
/// Throws Error(config) with file, line and the nearest known key for an unknown section or key, a
/// value of another type, a duplicate key, an alias, nesting deeper than 32 or a file above 1 MB;
/// Error(io) if it cannot be read.
template <class Config>
void read_config(const std::filesystem::path& path, const std::vector<std::string>& overrides,
                 Config& config) {
  ConfigSource source(path, overrides);
  config.sections([&](const char* name, auto& section) {
    FieldReader reader = source.section(name);
    section.fields([&](const char* key, auto& value, const char*) { reader.read(key, value); });
  });
  source.refuse_unknown();
  try {
    config.sections([&](const char*, auto& section) { section.validate(); });
  } catch (const Error& error) {
    if (path.empty() || error.kind() != ErrorKind::config) throw;
    throw config_error(path.string() + (overrides.empty() ? ": " : " with --set: ") + error.what());
  }
}

/// The resolved configuration as YAML, each line with its comment; `read_config` reads it back to
/// the same values.
template <class Config>
std::string config_yaml(Config config, bool with_comments = false) {
  FieldWriter writer(with_comments);
  config.sections([&](const char* name, auto& section) {
    writer.begin(name);
    section.fields([&](const char* key, auto& value, const char* comment) {
      writer.write(key, value, comment);
    });
  });
  return writer.text();
}

}  // namespace common
