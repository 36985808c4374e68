#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace common {
class CommandLine;
}

namespace restore {

/// What is done to a photograph.
struct Tasks {
  bool denoise = true;     ///< grain and fading
  bool inpaint = true;     ///< scratches, creases, holes, stains
  bool colourise = false;  ///< colours for a gray or toned photograph
};

/// "denoise,inpaint,colourise": any of them. Throws Error(usage) for another word, and for none.
Tasks parse_tasks(const std::string& list);
std::string to_string(const Tasks& tasks);

/// "auto" (none) or a number from 0 to 1. Throws Error(usage).
std::optional<double> parse_strength(const std::string& text);
std::string strength_text(std::optional<double> strength);

/// Of RestoreOptions::sensitivity, at both ends.
inline constexpr double kMostSensitivity = 2;

/// A number from -2 to 2. Throws Error(usage).
double parse_sensitivity(const std::string& text);

struct RestoreOptions {
  Tasks tasks;
  /// 0 leaves the photograph as it is, 1 does all that the model says. None: as much as the
  /// photograph needs, which is measured first.
  std::optional<double> strength;
  /// How much is taken for damage: above 0 more than the model was taught, below 0 less. See
  /// kLogitPerSensitivity.
  double sensitivity = 0;
  bool keep_colour = false;  ///< with Tasks::colourise: a photograph in colour keeps its colours
  /// Damage that a person marked, white on black, of the upright photograph's size; empty: none.
  std::filesystem::path mask;
  bool only_mask = false;  ///< damage that the model finds is left as it is

  /// Dust and scratches that an infrared channel or page of the scan shows are damage, too.
  bool infrared = false;
  bool partial = false;  ///< a photograph that is lost in part is restored as far as it goes

  /// Throws Error(usage).
  void validate() const;
};

/// Of what a person asked for: a mask that no task uses, and their like. The engine leaves such
/// out. Throws Error(usage), as validate() does.
void refuse_contradictions(const RestoreOptions& options);

void add_options(common::CommandLine& line, RestoreOptions& options);

}  // namespace restore
