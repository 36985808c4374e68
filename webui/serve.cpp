#include "webui/serve.h"

#include <spdlog/spdlog.h>

#include <cstdio>
#include <thread>

#include "common/error.h"
#include "webui/page_server.h"
#include "webui/work_folder.h"

namespace webui {
namespace {

void require(bool is_right, const std::string& message) {
  if (!is_right) throw common::Error(common::ErrorKind::usage, message);
}

void wait_until_done(const ServeOptions& options, const PhotoQueue& queue, const PageServer& server,
                     const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    if (!server.is_listening()) {
      throw common::Error(common::ErrorKind::io, "the page's server has ended by itself");
    }
    if (options.idle.count() > 0 && server.since_last_request() > options.idle &&
        !queue.is_busy()) {
      spdlog::info("nobody has asked for {} s: the page ends", options.idle.count());
      return;
    }
  }
}

}  // namespace

void ServeOptions::validate() const {
  require(port >= 0 && port <= 65535,
          "port " + std::to_string(port) + ": expected 1 to 65535, or 0 for any that is free");
  require(max_upload_bytes > 0, "the largest upload must have at least one byte");
  require(max_photos > 0, "at least one photograph must be allowed");
  require(upload_timeout.count() > 0, "uploads need at least a second");
  require(idle.count() >= 0, "the time to wait for a request cannot be negative");
}

int serve(const ServeOptions& options, const restore::RestorePhoto& restore_photo,
          const std::stop_token& stop) {
  options.validate();
  const WorkFolder work(options.work_folder);
  PhotoQueue queue(work.path(), options.max_photos, restore_photo);
  const PageServer server(options.port, {options.max_upload_bytes, options.upload_timeout},
                                options.max_photos, queue);
  std::printf("%s\n", server.address().c_str());
  std::fflush(stdout);
  wait_until_done(options, queue, server, stop);
  return common::kExitDone;
}

}  // namespace webui
