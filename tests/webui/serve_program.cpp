// serve() and write_report() with a RestorePhoto that needs no model: for tests of the page in a
// browser.
//   serve_program serve [--port N] [--max-upload BYTES] [--max-photos N] [--idle S] [--folder DIR]
//   [--seconds S] serve_program report PAGE PHOTO...       the results go beside PAGE
#include "common/error.h"
#include "common/log.h"
#include "common/program.h"
#include "webui/report.h"
#include "webui/serve.h"
#include "webui/stop_signals.h"
#include "tests/webui/fake_restoring.h"

namespace {

struct Arguments {
  webui::ServeOptions serve;
  double seconds = 0.4;
  int64_t idle = 0;
  std::filesystem::path page;
  std::vector<std::filesystem::path> photos;
};

int report(const Arguments& arguments) {
  webui::Report report(arguments.page);
  for (const auto& photo : arguments.photos) {
    const auto restored = arguments.page.parent_path() / (photo.stem().string() + ".restored.png");
    report.add(webui::fake_restoring(0)({photo, restored, {}}, {}, [](double) {}));
  }
  report.finish();
  return common::kExitDone;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("The page with a stand-in for the model.", "serve_program");
  Arguments arguments;
  auto* serve = app.add_subcommand("serve");
  serve->add_option("--port", arguments.serve.port);
  serve->add_option("--max-upload", arguments.serve.max_upload_bytes);
  serve->add_option("--max-photos", arguments.serve.max_photos);
  serve->add_option("--idle", arguments.idle);
  serve->add_option("--folder", arguments.serve.work_folder);
  serve->add_option("--seconds", arguments.seconds, "how long a photograph takes");
  auto* write = app.add_subcommand("report");
  write->add_option("PAGE", arguments.page)->required();
  write->add_option("PHOTO", arguments.photos);
  return common::run_program(app, argc, argv, [&] {
    common::start_log("");
    if (write->parsed()) return report(arguments);
    arguments.serve.idle = std::chrono::seconds(arguments.idle);
    const webui::StopSignals stop;
    return webui::serve(arguments.serve, webui::fake_restoring(arguments.seconds),
                          stop.requested());
  });
}
