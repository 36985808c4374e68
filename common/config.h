#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "common/config_fields.h"

namespace common {

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
  config.sections([&](const char*, auto& section) { section.validate(); });
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
