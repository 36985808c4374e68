// restore: restores real scans with a model file.
#include <spdlog/spdlog.h>

#include "common/command_line.h"
#include "common/error.h"
#include "common/files.h"
#include "common/hardware.h"
#include "common/log.h"
#include "common/signals.h"
#include "restore/load_network.h"
#include "restore/photo_restorer.h"
#include "restore/plan_jobs.h"
#include "restore/process.h"
#include "restore/restore_photos.h"
#include "restore/timings.h"
#include "webui/report.h"
#include "webui/serve.h"

namespace {

namespace fs = std::filesystem;

constexpr int kExitInterrupted = 130;  // as shells have it for SIGINT

struct Arguments {
  restore::JobOptions jobs;
  restore::RestoreOptions treatment;
  restore::BatchOptions batch;
  restore::RestorerOptions restorer;
  std::string model, format, tasks = "denoise,fill", strength = "auto", memory = "2G";
  std::string device = "auto";
  fs::path report, timings;
  webui::ServeOptions serve;
  bool is_served = false;
  int64_t threads = 0;
};

void add_what(common::CommandLine& line, Arguments& arguments) {
  auto& treatment = arguments.treatment;
  line.add("--tasks", arguments.tasks,
           "what is done: any of denoise (grain and fading), fill (scratches, creases, "
           "holes), colour")
      .show_default();
  line.add("--strength", arguments.strength,
           "0 (as it was) to 1 (all that the model says); auto: as much as each needs")
      .show_default();
  line.add("--mask", treatment.mask,
           "damage marked by hand, white on black, added to what is found")
      .placeholder("FILE");
  line.add("--only-mask", treatment.only_mask, "fill what the mask marks and nothing else");
  line.add("--keep-colour", treatment.keep_colour,
           "with the task colour: photographs in colour keep their own");
}

void add_files(common::CommandLine& line, Arguments& arguments) {
  auto& jobs = arguments.jobs;
  line.add("PHOTO", jobs.photos, "JPEG, PNG, TIFF or WebP files, or folders of them");
  line.add("-o,--output", jobs.output,
           "folder for the results, made if need be [beside each photograph]")
      .placeholder("DIR");
  line.add("--format", arguments.format,
           "jpeg, png, tiff or webp [as the photograph; 16 bit stay 16 in png and tiff]");
  line.add("--quality", arguments.restorer.quality, "of jpeg and webp, 1 to 100").show_default();
  line.add("--suffix", jobs.suffix, "stands before the results' extension").show_default();
  line.add("--save-mask", jobs.save_mask, "also write the damage, NAME.restored.mask.png");
  line.add("--report", arguments.report,
           "one page that shows all before and after, with what was done")
      .placeholder("FILE");
  line.add("--force", arguments.batch.force, "make results anew that are there already");
}

void add_how(common::CommandLine& line, Arguments& arguments) {
  line.add("--model", arguments.model, "model file [RESTORE_MODEL, or the one that ships]")
      .placeholder("FILE");
  line.add("--device", arguments.device, "cpu, cuda, or auto: a GPU where there is one")
      .show_default();
  line.add("--jobs", arguments.batch.jobs, "photographs at a time").show_default();
  line.add("--memory", arguments.memory, "that may be used in all, such as 900M or 2G")
      .show_default();
  line.add("--threads", arguments.threads, "cores to use [all]");
  line.add("--tile", arguments.restorer.tile,
           "cut every photograph into tiles of this many pixels a side [what fits]");
  line.add("--overlap", arguments.restorer.overlap, "pixels that tiles share").show_default();
  line.add("--timings", arguments.timings,
           "a line of JSON for each photograph: seconds, of these in the network, memory")
      .placeholder("FILE");
}

void add_page(common::CommandLine& line, Arguments& arguments) {
  line.add("--serve", arguments.is_served,
           "show a page on this machine: drop photographs, compare, mark damage, download");
  line.add("--port", arguments.serve.port, "of the page [any that is free]");
}

int sum_up(const restore::BatchResult& result, size_t num_jobs) {
  if (result.num_there > 0) {
    spdlog::info("{} of {} were there already and were left as they are (--force makes them anew)",
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

int restore_batch(Arguments& arguments, const std::vector<restore::RestoreJob>& jobs,
                  const restore::RestorePhoto& restore_photo) {
  std::optional<webui::Report> report;
  if (!arguments.report.empty()) {
    common::make_directories(fs::absolute(arguments.report).parent_path());
    report.emplace(arguments.report);
    arguments.batch.done = [&](const restore::RestoredPhoto& photo) { report->add(photo); };
  }
  const common::StopSignals signals({SIGINT, SIGTERM},
                                    common::StopSignals::Second::ends_the_process);
  const auto result = restore::restore_photos(jobs, arguments.treatment, arguments.batch,
                                              restore_photo, signals.token());
  if (report) report->finish();
  return sum_up(result, jobs.size());
}

int serve_page(const Arguments& arguments, const restore::RestorePhoto& restore_photo) {
  const common::StopSignals signals({SIGINT, SIGTERM},
                                    common::StopSignals::Second::ends_the_process);
  return webui::serve(arguments.serve, restore_photo, signals.token());
}

/// Reads what CLI11 took as words, and refuses what does not fit together.
void complete(Arguments& arguments) {
  if (arguments.jobs.photos.empty() != arguments.is_served) {
    throw common::Error(common::ErrorKind::usage,
                        "name photographs or folders of them, or --serve a page to drop them on");
  }
  if (!arguments.format.empty()) arguments.jobs.format = imaging::parse_format(arguments.format);
  arguments.treatment.tasks = restore::parse_tasks(arguments.tasks);
  arguments.treatment.strength = restore::parse_strength(arguments.strength);
  arguments.treatment.validate();
  arguments.batch.validate();
  arguments.restorer.memory_bytes = restore::parse_memory(arguments.memory) / arguments.batch.jobs;
}

int run(Arguments& arguments) {
  common::start_log("");
  complete(arguments);
  restore::prepare_process(arguments.threads, arguments.batch.jobs);
  const auto model = restore::find_model(arguments.model);
  std::vector<restore::RestoreJob> jobs;
  if (!arguments.is_served) jobs = restore::plan_jobs(arguments.jobs);
  const auto loaded = restore::load_network(model, arguments.device);
  loaded.network->prepare_for_inference(
      {.colour = arguments.treatment.tasks.colour || arguments.is_served});
  spdlog::info("model {} ({})", model.string(), loaded.description);
  const restore::PhotoRestorer restorer(loaded.network, arguments.restorer);
  restore::RestorePhoto restore_photo = [&](const auto& job, const auto& treatment,
                                            const auto& progress) {
    return restorer.restore(job, treatment, progress);
  };
  std::optional<restore::Timings> timings;
  if (!arguments.timings.empty()) {
    restore_photo = timings.emplace(arguments.timings).timed(std::move(restore_photo));
  }
  return arguments.is_served ? serve_page(arguments, restore_photo)
                             : restore_batch(arguments, jobs, restore_photo);
}

}  // namespace

int main(int argc, char** argv) {
  common::CommandLine line(
      "restore", "Restores old photographs: removes grain, scratches, stains and fading.");
  Arguments arguments;
  add_files(line, arguments);
  add_what(line, arguments);
  add_how(line, arguments);
  add_page(line, arguments);
  return line.run(argc, argv, [&] { return run(arguments); });
}
