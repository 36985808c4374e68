#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

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
  ConfigSource(const ConfigSource&) = delete;
  ConfigSource& operator=(const ConfigSource&) = delete;

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

}  // namespace common
