#include "restore/batch.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <exception>
#include <fstream>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <numeric>
#include <thread>

#include "common/command_line.h"
#include "common/error.h"
#include "common/files.h"
#include "common/hardware.h"
#include "common/printable.h"
#include "common/progress.h"
#include "imaging/format.h"
#include "restore/plan_jobs.h"

namespace restore {
namespace {

namespace fs = std::filesystem;

constexpr double kMegabyte = 1e6;
constexpr int kExitInterrupted = 130;  // as shells have it for SIGINT

std::vector<double> sizes_of(const std::vector<RestoreJob>& jobs) {
  std::vector<double> sizes;
  for (const RestoreJob& job : jobs) {
    std::error_code error;
    const auto bytes = fs::file_size(job.photo, error);
    sizes.push_back(error ? 0 : static_cast<double>(bytes) / kMegabyte);
  }
  return sizes;
}

const char* colour_text(Findings::Colour colour) {
  switch (colour) {
    case Findings::Colour::gray: return "gray";
    case Findings::Colour::toned: return "toned";
    case Findings::Colour::coloured: return "colour";
  }
  return "";
}

/// "4000x3000  20.1 s  grain 6.2, 1.3% damaged"; with what is found and left as it is, too.
std::string done_text(const RestoredPhoto& photo) {
  const double damaged = 100 * photo.found.damaged_share;
  return fmt::format("{}  {}x{} {}  {:.1f} s  grain {:.1f}, {}% damaged{}",
                     photo.job.restored.string(), photo.width, photo.height,
                     colour_text(photo.found.colour), photo.seconds, photo.found.grain,
                     damaged < 10 ? fmt::format("{:.2g}", damaged) : fmt::format("{:.0f}", damaged),
                     photo.strengths.inpaint > 0 ? "" : ", not repaired");
}

void log_note(const std::string& photo, const std::string& note) {
  constexpr std::string_view kWarning = "warning: ";
  if (note.starts_with(kWarning)) {
    spdlog::warn("{}: {}", photo, note.substr(kWarning.size()));
  } else {
    spdlog::info("{}: {}", photo, note);
  }
}

/// What a person sees of a batch: a live line for all, and a line for each photograph that is done.
/// Time left goes by the size of the files. Threads may call it at the same time.
class BatchProgress {
 public:
  explicit BatchProgress(const std::vector<RestoreJob>& jobs)
      : jobs_(jobs),
        size_(sizes_of(jobs)),
        progress_("restoring", "MB",
                  static_cast<int64_t>(std::accumulate(size_.begin(), size_.end(), 0.0)) + 1) {}

  void update(size_t job, double share) {
    const std::lock_guard lock(mutex_);
    going_on_[job] = share;
    double done = finished_;
    for (const auto& [other, part] : going_on_) done += part * size_[other];
    progress_.update(static_cast<int64_t>(done), doing());
  }

  void done(size_t job, const RestoredPhoto& photo) {
    const std::lock_guard lock(mutex_);
    finish_job(job);
    for (const auto& note : photo.notes) log_note(photo.job.photo.string(), note);
    std::printf("%s\n", common::printable(done_text(photo)).c_str());
    std::fflush(stdout);
  }

  void failed(size_t job, const std::string& message) {
    const std::lock_guard lock(mutex_);
    finish_job(job);
    spdlog::error("{}", message);
  }

  void passed_over(size_t job) {
    const std::lock_guard lock(mutex_);
    finish_job(job);
  }

 private:
  void finish_job(size_t job) {
    going_on_.erase(job);
    finished_ += size_[job];
    ++num_finished_;
    progress_.pause();
  }

  std::string doing() const {
    std::string text = fmt::format("{}/{} photos", num_finished_, jobs_.size());
    for (const auto& [job, share] : going_on_) {
      const std::string name = jobs_[job].photo.filename().string();
      text += share > kAnalysedShare ? fmt::format("  {} {:.0f}%", name, 100 * share)
                                     : fmt::format("  analysing {}", name);
    }
    return text;
  }

  std::mutex mutex_;  // guards all below
  const std::vector<RestoreJob>& jobs_;
  std::vector<double> size_;  // of each file, in the progress's unit
  std::map<size_t, double> going_on_;
  double finished_ = 0;
  size_t num_finished_ = 0;
  common::Progress progress_;
};

/// The file of --timings.
class Timings {
 public:
  explicit Timings(const fs::path& path) : path_(path) {
    if (path.empty()) return;
    file_.open(path);
    if (!file_) throw common::io_error("cannot write", path.string());
  }

  void add(const RestoredPhoto& photo) {
    if (!file_.is_open()) return;
    const nlohmann::json line{{"photo", photo.job.photo.string()},
                              {"megapixels", static_cast<double>(photo.width * photo.height) / 1e6},
                              {"first_tile_at", photo.first_tile_at},
                              {"seconds", photo.seconds},
                              {"network_seconds", photo.network_seconds},
                              {"peak_bytes", common::peak_memory_bytes()}};
    // A file name may hold any bytes.
    file_ << line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << std::endl;
    if (!file_) throw common::io_error("cannot write", path_.string());
  }

 private:
  fs::path path_;
  std::ofstream file_;
};

/// Before hours of work: throws Error(corrupt) if what a job writes cannot have its name.
void require_possible(const RestoreJob& job, bool overwrite) {
  if (!job.fault.empty()) throw common::corrupt_error(job.fault);
  for (const fs::path& file : {job.restored, job.mask, job.sidecar}) {
    if (file.empty()) continue;
    const auto refuse = [&](const std::string& why) {
      throw common::corrupt_error("cannot write " + file.string() + " for " + job.photo.string() +
                                  ": " + why);
    };
    std::error_code error;
    const fs::file_status there = fs::status(file, error);
    if (there.type() == fs::file_type::none) {
      refuse(error.message() + "; give another -o, or a shorter --suffix");
    }
    if (fs::is_directory(there)) refuse("it is a folder; move it, or give another --suffix");
    if (overwrite && fs::exists(there) && access(file.c_str(), W_OK) != 0) {
      refuse("the file that is there is write-protected");
    }
  }
}

/// Whether it is the fault of one photograph, of its file or of its place; the others go on.
bool is_of_one(const common::Error& failure, const RestoreJob& job) {
  switch (failure.kind()) {
    case common::ErrorKind::corrupt:
    case common::ErrorKind::usage: return true;
    case common::ErrorKind::io:
      return !common::is_disk_full(job.restored.parent_path(), failure.what());
    default: return false;
  }
}

/// The photographs of a batch, taken one after the other by several threads.
class Batch {
 public:
  using Done = std::function<void(const RestoredPhoto&)>;
  Batch(const std::vector<RestoreJob>& jobs, const RestoreOptions& options,
        const BatchOptions& batch, const RestorePhoto& restore_photo, const Done& done,
        const std::stop_token& stop)
      : jobs_(jobs),
        options_(options),
        batch_(batch),
        restore_photo_(restore_photo),
        done_(done),
        timings_(batch.timings),
        progress_(jobs),
        failed_(jobs.size()),
        outer_stop_(stop, [this] { stop_.request_stop(); }) {}

  BatchResult run() {
    std::vector<std::thread> threads;
    const auto count = static_cast<size_t>(num_at_once(batch_, jobs_.size()));
    for (size_t i = 1; i < count; ++i) threads.emplace_back([this] { work(); });
    work();
    for (auto& thread : threads) thread.join();
    if (error_) std::rethrow_exception(error_);
    return result();
  }

 private:
  void work() {
    try {
      for (size_t job = next_++; job < jobs_.size() && !stop_.stop_requested(); job = next_++) {
        restore(job);
      }
    } catch (...) {
      const std::lock_guard lock(error_mutex_);
      if (!error_) error_ = std::current_exception();
      stop_.request_stop();
    }
  }

  void restore(size_t index) {
    const RestoreJob& job = jobs_[index];
    std::optional<RestoredPhoto> restored;
    try {
      require_possible(job, batch_.overwrite);
      std::error_code unknown;
      if (!batch_.overwrite && fs::exists(job.restored, unknown)) {
        ++num_there_;
        return progress_.passed_over(index);
      }
      progress_.update(index, 0);
      common::make_directories(job.restored.parent_path());
      restored = restore_photo_(
          job, options_, [&](double share) { progress_.update(index, share); }, stop_.get_token());
    } catch (const common::Error& failure) {
      if (!is_of_one(failure, job)) throw;
      failed_[index] = true;
      return progress_.failed(index, failure.what());
    }
    if (!restored) return;  // stopped
    progress_.done(index, *restored);
    const std::lock_guard lock(done_mutex_);
    timings_.add(*restored);
    if (done_) done_(*restored);
  }

  BatchResult result() {
    BatchResult result;
    result.num_there = num_there_;
    result.interrupted = stop_.stop_requested();
    for (size_t job = 0; job < jobs_.size(); ++job) {
      if (failed_[job]) result.failed.push_back(jobs_[job].photo);
    }
    return result;
  }

  const std::vector<RestoreJob>& jobs_;
  const RestoreOptions& options_;
  const BatchOptions& batch_;
  const RestorePhoto& restore_photo_;
  const Done& done_;
  Timings timings_;
  BatchProgress progress_;
  std::atomic<size_t> next_ = 0;
  std::atomic<int64_t> num_there_ = 0;
  std::vector<char> failed_;  // each written by one thread
  std::mutex done_mutex_;     // guards timings_; one call of done_ at a time
  std::mutex error_mutex_;    // guards error_
  std::exception_ptr error_;
  std::stop_source stop_;  // the caller's, or after an error
  std::stop_callback<std::function<void()>> outer_stop_;
};

/// Throws Error(usage) if what is there does not begin as what the option writes.
void require_own(const char* option, const fs::path& file, char first) {
  std::error_code absent;
  if (!fs::is_regular_file(file, absent)) return;
  const int found = std::ifstream(file, std::ios::binary).get();
  if (found == std::ifstream::traits_type::eof() || found == first) return;
  throw common::usage_error(std::string(option) + " " + file.string() +
                            " is there, was not written by " + option +
                            " and would be overwritten: name another file");
}

}  // namespace

void BatchOptions::validate() const {
  if (jobs < 1 || jobs > 64) {
    throw common::usage_error("--jobs " + std::to_string(jobs) + ": expected 1 to 64");
  }
  for (const auto& [option, file] : {std::pair{"--report", report}, {"--timings", timings}}) {
    if (imaging::is_picture_name(file)) {
      throw common::usage_error(std::string(option) + " " + file.string() +
                                " would overwrite a picture: name the file after the option, such "
                                "as " +
                                option + " restored.html");
    }
    if (std::error_code absent; fs::is_directory(file, absent)) {
      throw common::usage_error(std::string(option) + " " + file.string() +
                                " is a folder: name a file in it");
    }
  }
  if (!report.empty() && report == timings) {
    throw common::usage_error("--report and --timings name one file: name two");
  }
  if (!report.empty()) common::make_directories(fs::absolute(report).parent_path());
}

void add_options(common::CommandLine& line, BatchOptions& options) {
  line.add("--jobs", options.jobs, "photographs at a time").show_default();
  line.add("--overwrite", options.overwrite, "make results again that are there already");
  line.add("--report", options.report, "one page that shows all photographs before and after")
      .placeholder("FILE");
  line.add("--timings", options.timings,
           "a line of JSON for each photograph: seconds, of these in the network, memory")
      .placeholder("FILE");
}

BatchResult restore_batch(const std::vector<RestoreJob>& jobs, const RestoreOptions& options,
                          const BatchOptions& batch, const RestorePhoto& restore_photo,
                          const std::function<void(const RestoredPhoto&)>& done,
                          const std::stop_token& stop) {
  require_no_input_written(jobs, {{"--mask", options.mask}},
                           {{"--report", batch.report}, {"--timings", batch.timings}});
  require_own("--report", batch.report, '<');
  require_own("--timings", batch.timings, '{');
  return Batch(jobs, options, batch, restore_photo, done, stop).run();
}

int64_t num_at_once(const BatchOptions& batch, size_t num_photos) {
  return num_photos == 0 ? batch.jobs
                         : std::min<int64_t>(batch.jobs, static_cast<int64_t>(num_photos));
}

int say_what_to_name() {
  std::fputs(
      "restore: name photographs or folders of them:\n"
      "  restore scan.jpg             writes scan.restored.jpg beside it\n"
      "  restore scans -o restored    all of a folder, into another one\n"
      "  restore --serve              serves a page to drop them on\n"
      "  restore --help               says what else there is\n",
      stderr);
  return common::exit_code(common::ErrorKind::usage);
}

int report_batch(const BatchResult& result, size_t num_jobs) {
  if (result.num_there > 0) {
    spdlog::info(
        "{} of {} were there already and were left as they are (--overwrite makes them "
        "again)",
        result.num_there, num_jobs);
  }
  if (!result.failed.empty()) {
    spdlog::error("{} of {} photographs could not be restored:", result.failed.size(), num_jobs);
    for (const auto& photo : result.failed) spdlog::error("  {}", photo.string());
  }
  if (result.interrupted) {
    spdlog::warn("interrupted; the same command goes on where it was");
    return kExitInterrupted;
  }
  return result.failed.empty() ? common::kExitDone : common::kExitBadData;
}

}  // namespace restore
