// restore-eval: how well a model file restores photographs that were aged on purpose.
#include <cstdio>

#include "common/command_line.h"
#include "common/error.h"
#include "common/log.h"
#include "eval/evaluation.h"
#include "eval/table.h"

int main(int argc, char** argv) {
  common::CommandLine line("restore-eval",
                           "Ages clean photographs, restores them and measures what that gained.");
  eval::EvalOptions options;
  std::string format = "text";
  add_options(line, options);
  line.add("--format", format, "of the table that is printed: text, json or csv")
      .one_of({"text", "json", "csv"})
      .show_default();
  return line.run(argc, argv, [&] {
    common::start_log("");
    const auto rows = eval::evaluate(options);
    const std::string table = format == "json"  ? rows_json(rows).dump(2) + "\n"
                              : format == "csv" ? rows_csv(rows)
                                                : rows_text(rows);
    std::fputs(table.c_str(), stdout);
    return common::kExitDone;
  });
}
