#pragma once

#include <filesystem>
#include <string>

#include "eval/methods.h"
#include "eval/task.h"

namespace eval {

/// Writes FOLDER/TASK/NAME.*: `original.png` (in colours where the task has them), `aged.png` or,
/// where noise reaches beyond black and white, `aged.tif` (32-bit float, 0 black to 1 white, not
/// clipped), and `damage.png` (opacity) where there is damage. Returns the aged one's name below
/// FOLDER. Throws Error(io).
std::string write_sample(const std::filesystem::path& folder, const EvalTask& task,
                         const std::string& name, const EvalSample& sample);

/// Writes FOLDER/TASK/NAME.METHOD.png: luma, with the answer's chroma where it has one; for the
/// task colourise the true luma with it. Returns its name below FOLDER. Throws Error(io).
std::string write_answer(const std::filesystem::path& folder, const EvalTask& task,
                         const std::string& name, const EvalSample& sample, const Answer& answer);

}  // namespace eval
