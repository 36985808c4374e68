#pragma once

#include <optional>
#include <string>
#include <vector>

#include "eval/eval_task.h"
#include "eval/baseline_pictures.h"
#include "restore/restorer.h"

namespace eval {

/// How the rows of our own are called; no other program may be called so.
inline constexpr const char* kAgedMethod = "aged";    ///< the input as it is
inline constexpr const char* kGrayMethod = "gray";    ///< the same, where colours are asked for
inline constexpr const char* kModelMethod = "model";  ///< told nothing
inline constexpr const char* kModelWithMaskMethod = "model+mask";  ///< told where the damage is
inline constexpr const char* kTwoStageMethod = "two-stage";  ///< the model, then the colouriser

/// What a task is measured with.
struct EvalMethods {
  const restore::Restorer* restorer = nullptr;    ///< none: only inputs and other programs are measured
  const restore::Restorer* colouriser = nullptr;  ///< colours what the model restored; none: no such rows
  std::vector<Peer> peers;
};

/// What a method made of a sample.
struct Answer {
  std::string method;
  imaging::Plane luma;
  std::optional<restore::Chroma> chroma;  ///< none: it does not colour
  std::optional<imaging::Plane> damage;   ///< probability; none: it was told, or does not say
};

/// The answers of all methods, the input itself first. For inpainting the model answers twice: told
/// nothing, and told the true mask; the colouriser's follows that of the model told nothing.
/// `file_name` is how other programs' pictures are called.
/// Throws Error(usage) if the colouriser does not colour; as Restorer::restore and Peer::read do.
std::vector<Answer> answers_to(const EvalTask& task, const Sample& sample,
                               const std::string& file_name, const EvalMethods& methods);

}  // namespace eval
