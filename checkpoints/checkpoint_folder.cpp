#include "checkpoints/checkpoint_folder.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>

#include "checkpoints/checkpoint_files.h"
#include "common/error.h"
#include "common/files.h"

namespace checkpoints {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kPrefix = "step-", kTemporarySuffix = ".tmp";
constexpr char kBest[] = "best.json";

/// The step of "step-00001000"; none for any other name.
std::optional<int64_t> step_of(const std::string& name) {
  if (!name.starts_with(kPrefix)) return {};
  int64_t step = -1;
  const char* end = name.data() + name.size();
  const auto parsed = std::from_chars(name.data() + kPrefix.size(), end, step);
  if (parsed.ec != std::errc{} || parsed.ptr != end || step < 0) return {};
  return step;
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  if (!fs::exists(folder, error)) return names;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    names.push_back(entry.path().filename());
  }
  if (error) {
    throw common::Error(common::ErrorKind::io,
                        "cannot list " + folder.string() + ": " + error.message());
  }
  return names;
}

void remove_path(const fs::path& path) {
  std::error_code error;
  fs::remove_all(path, error);
  if (error) {
    throw common::Error(common::ErrorKind::io,
                        "cannot remove " + path.string() + ": " + error.message());
  }
}

/// A directory that is removed at the end of its life unless it was renamed away before.
class TemporaryDirectory {
 public:
  explicit TemporaryDirectory(fs::path path) : path_(std::move(path)) {
    common::make_directories(path_);
  }
  ~TemporaryDirectory() {
    std::error_code ignored;  // on the way out of an error that says more
    fs::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

}  // namespace

CheckpointFolder::CheckpointFolder(fs::path folder, int64_t keep_last)
    : folder_(std::move(folder)), keep_last_(keep_last) {
  if (keep_last < 1) {
    throw common::Error(common::ErrorKind::config,
                        "at least one checkpoint must be kept, got " + std::to_string(keep_last));
  }
}

void CheckpointFolder::save(const Checkpoint& checkpoint, bool is_best) {
  common::make_directories(folder_);
  remove_leftovers();
  const fs::path directory = directory_of(checkpoint.step);
  const TemporaryDirectory temporary(directory.string() + std::string(kTemporarySuffix));
  write_checkpoint_files(temporary.path(), checkpoint);
  install(temporary.path(), checkpoint.step);
  if (is_best) {
    const nlohmann::json best{{"step", checkpoint.step}};
    common::write_file_atomically(folder_ / kBest, best.dump() + "\n");
  }
  prune(checkpoint.step);
}

std::optional<Checkpoint> CheckpointFolder::load_newest(
    std::vector<std::string>& passed_over) const {
  for (const int64_t step : steps()) {
    try {
      return load_checkpoint(directory_of(step));
    } catch (const common::Error& error) {
      passed_over.emplace_back(error.what());
    }
  }
  return {};
}

std::optional<Checkpoint> CheckpointFolder::load_best() const {
  const auto step = best_step();
  if (!step) return {};
  return load_checkpoint(directory_of(*step));
}

/// Newest first, complete or not.
std::vector<int64_t> CheckpointFolder::steps() const {
  std::vector<int64_t> found;
  for (const std::string& name : names_in(folder_)) {
    if (const auto step = step_of(name)) found.push_back(*step);
  }
  std::sort(found.rbegin(), found.rend());
  return found;
}

std::optional<int64_t> CheckpointFolder::best_step() const {
  const fs::path path = folder_ / kBest;
  if (!fs::exists(path)) return {};
  try {
    return nlohmann::json::parse(common::read_file(path)).at("step").get<int64_t>();
  } catch (const nlohmann::json::exception& error) {
    throw common::Error(common::ErrorKind::corrupt,
                        path.string() + " must hold {\"step\": N}: " + error.what());
  }
}

fs::path CheckpointFolder::directory_of(int64_t step) const {
  char digits[32];
  std::snprintf(digits, sizeof digits, "%08lld", static_cast<long long>(step));
  return folder_ / (std::string(kPrefix) + digits);
}

/// Gives the whole checkpoint its name. An earlier one of the same step, which is one that was
/// passed over or is being saved again, is moved aside first.
void CheckpointFolder::install(const fs::path& temporary, int64_t step) {
  const fs::path directory = directory_of(step);
  const fs::path aside = directory.string() + ".old" + std::string(kTemporarySuffix);
  const bool replaces = fs::exists(directory);
  if (replaces && ::rename(directory.c_str(), aside.c_str()) != 0) {
    throw common::io_error("cannot move aside", directory);
  }
  if (::rename(temporary.c_str(), directory.c_str()) != 0) {
    const common::Error error = common::io_error("cannot make", directory);
    if (replaces) ::rename(aside.c_str(), directory.c_str());
    throw error;
  }
  common::sync_path(folder_);
  if (replaces) remove_path(aside);
}

/// What a writer that was killed left behind.
void CheckpointFolder::remove_leftovers() const {
  for (const std::string& name : names_in(folder_)) {
    if (name.ends_with(kTemporarySuffix)) remove_path(folder_ / name);
  }
}

/// Without complete.json the rest is no checkpoint, at whatever file the removal is interrupted.
void CheckpointFolder::retire(int64_t step) const {
  const fs::path directory = directory_of(step);
  remove_path(directory / kCompleteFile);
  remove_path(directory);
}

/// Keeps the best and the `keep_last_` newest up to the one just saved. Later steps were passed
/// over when the run was resumed before them: they are of no use, and must not crowd out those that
/// are.
void CheckpointFolder::prune(int64_t newest) const {
  const auto best = best_step();
  int64_t kept = 0;
  for (const int64_t step : steps()) {
    const bool is_best = best && step == *best;
    if (step <= newest && kept < keep_last_) {
      ++kept;
    } else if (!is_best) {
      retire(step);
    }
  }
}

}  // namespace checkpoints
