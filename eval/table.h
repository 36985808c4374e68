#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "eval/figures.h"

namespace eval {

/// For people: a line for each row, a column for each figure that any row has.
std::string rows_text(const std::vector<EvalRow>& rows);

/// For spreadsheets: the same with all columns; what a row lacks is empty. RFC 4180.
std::string rows_csv(const std::vector<EvalRow>& rows);

/// For programs, each picture's figures too: docs/evaluating.md, "results.json".
nlohmann::json rows_json(const std::vector<EvalRow>& rows);

}  // namespace eval
