#include "webui/serve.h"

#include <spdlog/spdlog.h>
#include <stdlib.h>

#include <cstdio>
#include <thread>

#include "common/command_line.h"
#include "common/error.h"
#include "webui/page_server.h"

namespace webui {
namespace {

/// A fresh folder that only this user can read, gone with all in it at the end of its life.
class WorkFolder {
 public:
  WorkFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "restore-page-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw common::io_error("cannot make a folder as", name);
    path_ = name;
  }
  ~WorkFolder() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
    if (error) spdlog::warn("{} could not be deleted: {}", path_.string(), error.message());
  }
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace

void ServeOptions::validate() const {
  if (port >= 0 && port <= 65535) return;
  throw common::usage_error("--port " + std::to_string(port) +
                            ": expected 1 to 65535, or 0 for any that is free");
}

void add_options(common::CommandLine& line, ServeOptions& options) {
  line.add("--serve", options.is_served,
           "show a page on this machine: drop photographs, compare, mark damage, download");
  line.add("--port", options.port, "of the page [any that is free]");
}

int serve(const ServeOptions& options, const restore::RestorePhoto& restore_photo,
          const restore::FindDamage& find_damage, const std::stop_token& stop,
          const PageLimits& limits) {
  options.validate();
  const WorkFolder work;
  PhotoQueue queue(work.path(), limits.max_photos, restore_photo, find_damage);
  const PageServer server(options, limits, queue);
  std::printf("%s\n", server.address().c_str());
  std::fflush(stdout);
  while (!stop.stop_requested()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    if (!server.is_listening()) {
      throw common::Error(common::ErrorKind::io, "the page's server has ended by itself");
    }
  }
  return common::kExitDone;
}

}  // namespace webui
