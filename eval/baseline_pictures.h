#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "eval/eval_task.h"

namespace eval {

/// Another program whose results are measured: pictures DIR/TASK/NAME.png, made out of those that
/// `restore-eval --pictures` writes as TASK/NAME.aged.*.
struct Peer {
  std::string name;  ///< how its rows are called
  std::filesystem::path folder;

  /// A program need not do every task.
  bool does(const EvalTask& task) const;

  /// Its picture of one sample. Throws Error(usage) if there is none or it has another size than
  /// the sample, Error(corrupt) if it cannot be decoded.
  imaging::Photo read(const EvalTask& task, const std::string& file_name,
                      const Sample& sample) const;
};

/// Words "NAME=DIR". Throws Error(usage) for other words, a name that a row has already, or a
/// folder without any of the tasks.
std::vector<Peer> parse_peers(const std::vector<std::string>& words,
                              const std::vector<EvalTask>& tasks);

}  // namespace eval
