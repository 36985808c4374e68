// serve() and Report with a RestorePhoto that needs no model: for tests of the page in a browser.
//   serve_program [--port N] [--max-upload BYTES] [--max-photos N] [--seconds S]
//                 [--sensitivity S]
//   serve_program --report PAGE PHOTO...       the results go beside PAGE
#include "common/command_line.h"
#include "common/error.h"
#include "common/log.h"
#include "common/signals.h"
#include "tests/webui/fake_restoring.h"
#include "webui/report.h"
#include "webui/serve.h"

namespace {

struct Arguments {
  webui::ServeOptions serve;
  webui::PageLimits limits;
  double seconds = 0.4;
  std::filesystem::path page;
  std::vector<std::filesystem::path> photos;
};

int report(const Arguments& arguments) {
  webui::Report report(arguments.page);
  for (const auto& photo : arguments.photos) {
    const auto restored = arguments.page.parent_path() / (photo.stem().string() + ".restored.png");
    report.add(*webui::fake_restoring(0)({photo, restored}, {}, [](double) {}, {}));
  }
  report.finish();
  return common::kExitDone;
}

}  // namespace

int main(int argc, char** argv) {
  common::CommandLine line("serve_program", "The page with a stand-in for the model.");
  Arguments arguments;
  line.add("--port", arguments.serve.port, "of the page");
  line.add("--sensitivity", arguments.serve.sensitivity, "where the slider begins");
  line.add("--max-upload", arguments.limits.max_upload_bytes, "bytes");
  line.add("--max-photos", arguments.limits.max_photos, "that are kept");
  line.add("--seconds", arguments.seconds, "how long a photograph takes");
  line.add("--report", arguments.page, "write this page of the photographs instead");
  line.add("PHOTO", arguments.photos, "of the report");
  return line.run(argc, argv, [&] {
    common::start_log("");
    if (!arguments.page.empty()) return report(arguments);
    const common::StopSignals signals({SIGINT, SIGTERM});
    return webui::serve(arguments.serve, webui::fake_restoring(arguments.seconds),
                        webui::fake_finding, signals.token(), arguments.limits);
  });
}
