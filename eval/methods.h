#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "eval/task.h"
#include "restore/engine.h"

namespace eval {

/// How our own rows are called; no baseline may be called so.
inline constexpr const char* kAgedMethod = "aged";    ///< the input as it is
inline constexpr const char* kGrayMethod = "gray";    ///< the same, where colours are asked for
inline constexpr const char* kModelMethod = "model";  ///< told nothing
inline constexpr const char* kModelWithMaskMethod = "model+mask";  ///< told where the damage is
inline constexpr const char* kTwoStageMethod = "two-stage";  ///< the model, then the colouriser

/// Another program whose results are measured: pictures FOLDER/TASK/NAME.png, made out of those
/// that `restore-eval --pictures` writes as TASK/NAME.aged.*.
struct Baseline {
  std::string name;  ///< how its rows are called
  std::filesystem::path folder;

  /// A program need not do every task.
  bool does(const EvalTask& task) const;

  /// Its picture of one sample. Throws Error(usage) if there is none or it has another size than
  /// the sample, Error(corrupt) if it cannot be decoded.
  imaging::Photo read(const EvalTask& task, const std::string& file_name,
                      const EvalSample& sample) const;
};

/// Words "NAME=DIR". Throws Error(usage) for other words, a name that a row has already, or a
/// folder without any of the tasks.
std::vector<Baseline> parse_baselines(const std::vector<std::string>& words,
                                      const std::vector<EvalTask>& tasks);

/// What a task is measured with.
struct EvalMethods {
  const restore::Engine* model = nullptr;       ///< none: only inputs and baselines are measured
  const restore::Engine* colouriser = nullptr;  ///< colours what the model restored; none: no rows
  std::vector<Baseline> baselines;
  std::optional<double> strength;  ///< of the model; none: auto
};

/// What a method made of a sample.
struct Answer {
  std::string method;
  imaging::Plane luma;
  std::optional<restore::Chroma> chroma = {};  ///< none: it does not colour
  std::optional<imaging::Plane> damage = {};   ///< 0 to 1; none: it was told, or does not say
  bool is_ours = false;                        ///< made by the engine
};

/// The answers of all methods, the input itself first. For inpainting the model answers twice: told
/// nothing, and told the true mask; the colouriser's follows that of the model told nothing.
/// `file_name` is how a baseline's pictures are called.
/// Throws Error(usage) if the colouriser does not colour; as Baseline::read and the engine do.
std::vector<Answer> answers_to(const EvalTask& task, const EvalSample& sample,
                               const std::string& file_name, const EvalMethods& methods);

}  // namespace eval
