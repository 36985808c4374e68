// restore: restores real scans with a model file.
#include <spdlog/spdlog.h>

#include "common/cores.h"
#include "common/error.h"
#include "common/log.h"
#include "common/program.h"
#include "restore/load_network.h"
#include "restore/photo_restorer.h"
#include "restore/plan_jobs.h"
#include "restore/process.h"
#include "restore/restore_photos.h"
#include "restore/stop_signal.h"

namespace {

constexpr int kExitInterrupted = 130;  // as shells have it for SIGINT

struct Arguments {
  restore::JobOptions jobs;
  restore::Treatment treatment;
  restore::BatchOptions batch;
  restore::RestorerOptions restorer;
  std::string model, format, tasks = "denoise,fill", strength = "auto", memory = "2G";
  std::string device = "auto";
  int64_t threads = 0;
};

void add_what(CLI::App& app, Arguments& arguments) {
  auto& treatment = arguments.treatment;
  app.add_option("--tasks", arguments.tasks,
                 "what is done: any of denoise (grain and fading), fill (scratches, creases, "
                 "holes), colour")
      ->capture_default_str();
  app.add_option("--strength", arguments.strength,
                 "0 (as it was) to 1 (all that the model says); auto: as much as each needs")
      ->capture_default_str();
  app.add_option("--mask", treatment.mask,
                 "damage marked by hand, white on black, added to what is found")
      ->type_name("FILE");
  app.add_flag("--only-mask", treatment.only_mask, "fill what the mask marks and nothing else");
  app.add_flag("--keep-colour", treatment.keep_colour,
               "with the task colour: photographs in colour keep their own");
}

void add_files(CLI::App& app, Arguments& arguments) {
  auto& jobs = arguments.jobs;
  app.add_option("PHOTO", jobs.photos, "JPEG, PNG, TIFF or WebP files, or folders of them")
      ->required();
  app.add_option("-o,--output", jobs.output,
                 "folder for the results, made if need be [beside each photograph]")
      ->type_name("DIR");
  app.add_option("--format", arguments.format,
                 "jpeg, png, tiff or webp [as the photograph; 16 bit stay 16 in png and tiff]");
  app.add_option("--quality", arguments.restorer.quality, "of jpeg and webp, 1 to 100")
      ->capture_default_str();
  app.add_option("--suffix", jobs.suffix, "stands before the results' extension")
      ->capture_default_str();
  app.add_flag("--save-mask", jobs.save_mask, "also write the damage, NAME.restored.mask.png");
  app.add_flag("--force", arguments.batch.force, "make results anew that are there already");
}

void add_how(CLI::App& app, Arguments& arguments) {
  app.add_option("--model", arguments.model, "model file [RESTORE_MODEL, or the one that ships]")
      ->type_name("FILE");
  app.add_option("--device", arguments.device, "cpu, cuda, or auto: a GPU where there is one")
      ->capture_default_str();
  app.add_option("--jobs", arguments.batch.jobs, "photographs at a time")->capture_default_str();
  app.add_option("--memory", arguments.memory, "that may be used in all, such as 900M or 2G")
      ->capture_default_str();
  app.add_option("--threads", arguments.threads, "cores to use [all]");
  app.add_option("--tile", arguments.restorer.tile,
                 "cut every photograph into tiles of this many pixels a side [what fits]");
  app.add_option("--overlap", arguments.restorer.overlap, "pixels that tiles share")
      ->capture_default_str();
}

int report(const restore::BatchResult& result, size_t num_jobs) {
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

int run(Arguments& arguments) {
  common::start_log("");
  auto& [jobs_options, treatment, batch, restorer_options, model_name, format, tasks, strength,
         memory, device, threads] = arguments;
  if (!format.empty()) jobs_options.format = restore::parse_format(format);
  treatment.tasks = restore::parse_tasks(tasks);
  treatment.strength = restore::parse_strength(strength);
  treatment.validate();
  batch.validate();
  restore::prepare_process(threads, batch.jobs);
  restorer_options.memory_bytes = restore::parse_memory(memory) / batch.jobs;
  const auto model = restore::find_model(model_name);
  const auto jobs = restore::plan_jobs(jobs_options);
  const restore::LoadedNetwork loaded = restore::load_network(model, device);
  const restore::PhotoRestorer restorer(loaded.network, restorer_options);
  spdlog::info("{} photographs, model {} ({})", jobs.size(), model.string(), loaded.description);
  const auto result = restore::restore_photos(
      jobs, treatment, batch,
      [&](const auto& job, const auto& how, const auto& progress) {
        return restorer.restore(job, how, progress);
      },
      restore::watch_stop_signals());
  return report(result, jobs.size());
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Restores old photographs: removes grain, scratches, stains and fading.", "restore");
  common::add_version(app);
  Arguments arguments;
  add_files(app, arguments);
  add_what(app, arguments);
  add_how(app, arguments);
  return common::run_program(app, argc, argv, [&] { return run(arguments); });
}
