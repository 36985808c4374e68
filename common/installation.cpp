#include "common/installation.h"

namespace common {

namespace fs = std::filesystem;

fs::path program_folder() { return fs::read_symlink("/proc/self/exe").parent_path(); }

std::vector<fs::path> data_folders() {
  const fs::path prefix = program_folder().parent_path();
  return {prefix / "share" / "restore", prefix.parent_path(), RESTORE_SOURCE_DIR};
}

}  // namespace common
