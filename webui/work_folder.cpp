#include "webui/work_folder.h"

#include <spdlog/spdlog.h>
#include <stdlib.h>

#include "common/error.h"
#include "common/files.h"

namespace webui {

WorkFolder::WorkFolder(std::filesystem::path parent) {
  if (parent.empty()) {
    parent = std::filesystem::temp_directory_path();
  } else {
    common::make_directories(parent);
  }
  std::string name = (parent / "restore-page-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw common::io_error("cannot make a folder as", name);
  path_ = name;
}

WorkFolder::~WorkFolder() {
  std::error_code error;
  std::filesystem::remove_all(path_, error);
  if (error) spdlog::warn("{} could not be deleted: {}", path_.string(), error.message());
}

}  // namespace webui
