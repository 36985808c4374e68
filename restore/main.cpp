// restore: restores photographs with a model file.
#include "common/command_line.h"
#include "common/error.h"
#include "common/log.h"
#include "common/signals.h"
#include "restore/batch.h"
#include "restore/engine.h"
#include "restore/plan_jobs.h"
#include "webui/report.h"
#include "webui/serve.h"

namespace {

struct Arguments {
  restore::JobOptions jobs;
  restore::RestoreOptions restore;
  restore::BatchOptions batch;
  restore::EngineOptions engine;
  webui::ServeOptions serve;
};

int run(Arguments& arguments) {
  auto& [job_options, options, batch, engine_options, serve] = arguments;
  common::start_log("");
  if (job_options.photos.empty() && !serve.is_served) return restore::say_what_to_name();
  if (!job_options.photos.empty() && serve.is_served) {
    throw common::usage_error("--serve takes no photographs: they are dropped on its page");
  }
  refuse_contradictions(options);
  batch.validate();
  const auto jobs = serve.is_served ? std::vector<restore::RestoreJob>() : plan_jobs(job_options);
  const common::StopSignals signals({SIGINT, SIGTERM, SIGHUP},
                                    common::StopSignals::Second::ends_the_process);
  const restore::Engine engine = load_engine(engine_options, num_at_once(batch, jobs.size()),
                                             options.tasks.colourise || serve.is_served);
  if (serve.is_served) {
    serve.sensitivity = options.sensitivity;
    const auto find_damage = [&engine](const auto& photo, const auto& stop) {
      return engine.find_damage(photo, stop);
    };
    return webui::serve(serve, engine.as_function(), find_damage, signals.token());
  }
  std::optional<webui::Report> report;
  if (!batch.report.empty()) report.emplace(batch.report);
  const auto result = restore_batch(
      jobs, options, batch, engine.as_function(),
      [&](const restore::RestoredPhoto& photo) {
        if (report) report->add(photo);
      },
      signals.token());
  if (report) report->finish();  // keeps an earlier page if there is nothing new
  return report_batch(result, jobs.size());
}

}  // namespace

int main(int argc, char** argv) {
  common::CommandLine line("restore", "Restores old photographs: removes grain, damage, fading.");
  Arguments arguments;
  add_options(line, arguments.jobs);
  add_options(line, arguments.restore);
  add_options(line, arguments.engine);
  add_options(line, arguments.batch);
  add_options(line, arguments.serve);
  return line.run(argc, argv, [&] { return run(arguments); });
}
