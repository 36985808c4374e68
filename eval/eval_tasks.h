// restore-eval, the protocols of the papers: what a task makes of a photograph (eval_task.h), what
// methods make of that (eval_methods.h), what is measured (eval_figures.h), the table
// (eval_table.h). Start here, then eval_tasks.cpp.
#pragma once

#include <vector>

#include "eval/eval_figures.h"
#include "eval/eval_methods.h"
#include "eval/eval_task.h"
#include "eval/evaluation.h"

namespace eval {

/// One row for each task and method, as answers_to() orders them. A task of colours has no row for
/// a method without chroma; the log says so. Writes the inputs and what the model made of them
/// below `options.output` if `options.pictures`.
/// Throws Error(usage) where the colour task meets a gray photograph; as evaluate() otherwise.
std::vector<EvalRow> evaluate_tasks(const std::vector<EvalTask>& tasks,
                                    const std::vector<imaging::PhotoFile>& photos,
                                    const EvalMethods& methods, const EvaluationOptions& options);

}  // namespace eval
