#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/command_line.h"

namespace dataset {

/// Which photographs to take.
struct SourceSettings {
  std::vector<std::filesystem::path> folders;
  std::filesystem::path include_from;    ///< empty: all
  std::filesystem::path exclude_from;    ///< empty: none
  std::filesystem::path valid_from;      ///< empty: by valid_fraction
  std::optional<double> valid_fraction;  ///< empty: DIV2K's own division, a tenth of other photos
};

/// What to make of each photograph.
struct AgeingSettings {
  std::string recipe = "old-photo";
  std::vector<std::string> overrides;
  uint64_t seed = 1;
  int64_t variants = 4;
  int64_t short_side = 512;
  int64_t patch = 256;
};

/// What a command does instead of making a store.
struct ShardModes {
  bool info = false;
  bool verify = false;
  bool dry_run = false;
  bool print_recipe = false;
  int64_t preview_rows = 0;
  std::filesystem::path preview_file = "preview.png";
};

struct ShardSettings {
  SourceSettings source;
  AgeingSettings ageing;
  ShardModes modes;
  std::filesystem::path store;
  int64_t threads = 0;  ///< of each process; 0: one for each of its cores
  bool strict = false;
  bool overwrite = false;
};

/// The command line of restore-shard.
void add_options(common::CommandLine& line, ShardSettings& settings);

/// Checks the options; threads = 0 becomes `own_cores`. Throws Error(usage) for a missing or
/// impossible option.
void complete(ShardSettings& settings, int own_cores);

}  // namespace dataset
