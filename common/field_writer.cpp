#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "common/config_fields.h"

namespace common {
void FieldWriter::begin(const char* section) { text_ += std::string(section) + ":\n"; }

void FieldWriter::line(const char* key, const std::string& value, const char* comment) {
  text_ += fmt::format("  {}: {}", key, value);
  if (with_comments_ && *comment != '\0') text_ += fmt::format("  # {}", comment);
  text_ += '\n';
}

namespace {

/// Quoted where YAML would read something else than this text.
std::string quoted(const std::string& text) {
  YAML::Emitter emitter;
  emitter << YAML::DoubleQuoted << text;
  return emitter.c_str();
}

/// The shortest decimal that reads back to the same double.
std::string number(double value) { return fmt::format("{}", value); }

}  // namespace

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
