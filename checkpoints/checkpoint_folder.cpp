#include "checkpoints/checkpoint_folder.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <tuple>

#include "common/error.h"
#include "common/files.h"

namespace checkpoints {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kPrefix = "step-", kTemporarySuffix = ".tmp", kAsideSuffix = ".old";

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

/// Removes a checkpoint, complete.json first: wherever the removal is interrupted, the rest does
/// not count as a checkpoint. The order reaches the disk too.
void retire(const fs::path& directory) {
  if (!fs::exists(directory)) return;
  remove_path(directory / kCompleteFile);
  common::sync_path(directory);
  remove_path(directory);
}

/// A directory that is removed in the destructor, unless it was renamed before.
class TemporaryDirectory {
 public:
  explicit TemporaryDirectory(fs::path path) : path_(std::move(path)) {
    common::make_directories(path_);
  }
  ~TemporaryDirectory() {
    std::error_code ignored;  // the error that ends its life says more
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
    : folder_(std::move(folder)), best_(folder_), keep_last_(keep_last) {
  common::check(keep_last >= 1, "at least one checkpoint must be kept");
}

void CheckpointFolder::save(const Checkpoint& checkpoint, bool is_best) {
  common::make_directories(folder_);
  clean_up();
  const int64_t step = checkpoint.state.step;
  const fs::path directory = directory_of(step);
  const TemporaryDirectory temporary(directory.string() + std::string(kTemporarySuffix));
  write_checkpoint(temporary.path(), checkpoint);
  install(temporary.path(), step);
  // From here on the checkpoint is on disk: what it replaces can go.
  if (is_best) best_.set(step);
  forget_best_after(checkpoint.state);
  prune(step);
}

std::optional<Checkpoint> CheckpointFolder::load_newest(
    std::vector<std::string>& passed_over) const {
  for (const Found& found : find()) {
    try {
      return load_checkpoint(found.directory);
    } catch (const common::Error& error) {
      passed_over.emplace_back(error.what());
    }
  }
  return {};
}

std::optional<Checkpoint> CheckpointFolder::load_best() const {
  const auto best = best_.step();
  if (!best) return {};
  for (const Found& found : find()) {
    if (found.step == *best) return load_checkpoint(found.directory);
  }
  return load_checkpoint(directory_of(*best));  // says that it is not there
}

/// Newest first, complete or not; what was moved aside after what took its place.
std::vector<CheckpointFolder::Found> CheckpointFolder::find() const {
  std::vector<Found> found;
  for (const std::string& name : names_in(folder_)) {
    const bool aside = name.ends_with(kAsideSuffix);
    const auto step = step_of(name.substr(0, name.size() - (aside ? kAsideSuffix.size() : 0)));
    if (step) found.push_back({*step, aside, folder_ / name});
  }
  std::ranges::sort(found, [](const Found& a, const Found& b) {
    return std::tuple(-a.step, a.aside) < std::tuple(-b.step, b.aside);
  });
  return found;
}

/// Where the run went back to an earlier step, best.json may name a later one. Then the best is the
/// one that the saved state names, if it is still there.
void CheckpointFolder::forget_best_after(const RunState& state) const {
  const auto best = best_.step();
  if (!best || *best <= state.step) return;
  if (state.best && state.best->step <= state.step &&
      fs::exists(directory_of(state.best->step) / kCompleteFile)) {
    best_.set(state.best->step);
  } else {
    best_.remove();
  }
}

fs::path CheckpointFolder::directory_of(int64_t step) const {
  char digits[32];
  std::snprintf(digits, sizeof digits, "%08lld", static_cast<long long>(step));
  return folder_ / (std::string(kPrefix) + digits);
}

/// Gives the finished checkpoint its name. An earlier one of the same step is moved aside first, to
/// a name that find() still finds: it may be the only whole one.
void CheckpointFolder::install(const fs::path& temporary, int64_t step) const {
  const fs::path directory = directory_of(step);
  const fs::path aside = directory.string() + std::string(kAsideSuffix);
  const bool replaces = fs::exists(directory);
  if (replaces) {
    retire(aside);
    if (::rename(directory.c_str(), aside.c_str()) != 0) {
      throw common::io_error("cannot move aside", directory);
    }
  }
  if (::rename(temporary.c_str(), directory.c_str()) != 0) {
    const common::Error error = common::io_error("cannot make", directory);
    if (replaces) ::rename(aside.c_str(), directory.c_str());
    throw error;
  }
  common::sync_path(folder_);
}

/// Cleans up after a writer that was killed.
void CheckpointFolder::clean_up() const {
  for (const std::string& name : names_in(folder_)) {
    if (name.ends_with(kTemporarySuffix)) remove_path(folder_ / name);
  }
  for (const Found& found : find()) {
    const fs::path directory = directory_of(found.step);
    if (!found.aside || fs::exists(directory)) continue;
    if (::rename(found.directory.c_str(), directory.c_str()) != 0) {
      throw common::io_error("cannot put back", directory);
    }
  }
  common::sync_path(folder_);
}

/// Keeps the best and the `keep_last_` newest up to the one just saved. Later ones are from before
/// the run went back: nobody needs them, and they must not take the places of others.
void CheckpointFolder::prune(int64_t newest) const {
  const auto best = best_.step();
  int64_t kept = 0;
  for (const Found& found : find()) {
    if (!found.aside && found.step <= newest && kept < keep_last_) {
      ++kept;
    } else if (found.aside || found.step != best) {
      retire(found.directory);
    }
  }
}

}  // namespace checkpoints
