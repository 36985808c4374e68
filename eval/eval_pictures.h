#pragma once

#include <filesystem>
#include <string>

#include "eval/eval_methods.h"
#include "eval/eval_task.h"

namespace eval {

/// Writes FOLDER/TASK/NAME.*: `original.png` (in colours for the colour task), `aged.png` or, where
/// noise reaches beyond black and white, `aged.tif` (32-bit float, 0 black to 1 white, not
/// clipped), and `damage.png` (opacity) where there is damage. Throws Error(io).
void write_sample(const std::filesystem::path& folder, const EvalTask& task,
                  const std::string& name, const Sample& sample);

/// Writes FOLDER/TASK/NAME.METHOD.png: luma, with the answer's chroma on tasks that take two
/// stages; for the colour task the true luma with it. Throws Error(io).
void write_answer(const std::filesystem::path& folder, const EvalTask& task,
                  const std::string& name, const Sample& sample, const Answer& answer);

}  // namespace eval
