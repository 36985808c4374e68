#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace restore {

/// What is done to a photograph.
struct Tasks {
  bool denoise = true;  ///< grain and fading
  bool fill = true;     ///< scratches, creases, holes, stains
  bool colour = false;  ///< colours for what is gray or toned
};

/// "denoise,fill,colour": any of them. Throws Error(usage) for another word, and for none.
Tasks parse_tasks(const std::string& list);
std::string to_string(const Tasks& tasks);

/// "auto" (none) or a number from 0 to 1. Throws Error(usage).
std::optional<double> parse_strength(const std::string& text);

struct RestoreOptions {
  Tasks tasks;
  /// 0 leaves the photograph as it is, 1 is all that the model says; none: as much as the
  /// photograph needs, which is measured first.
  std::optional<double> strength;
  /// With Tasks::colour: a photograph that is in colour keeps its own.
  bool keep_colour = false;
  /// Damage that a person has marked, white on black, of the upright photograph's size; empty:
  /// none.
  std::filesystem::path mask;
  bool only_mask = false;  ///< what the model finds is left as it is

  /// Throws Error(usage).
  void validate() const;
};

}  // namespace restore
