#pragma once

#include <unistd.h>

#include <filesystem>
#include <string>

#include "common/error.h"
#include "common/files.h"

namespace imaging {

/// A file that is deleted unless it is renamed to its final name.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::filesystem::path& final_path)
      : final_(final_path),
        path_(final_path.parent_path() /
              ("." + final_path.filename().string() + "." + std::to_string(getpid()) + ".tmp")) {}
  ~TemporaryFile() {
    if (!path_.empty()) unlink(path_.c_str());
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  const std::filesystem::path& path() const { return path_; }

  void keep() {
    common::sync_path(path_);
    if (rename(path_.c_str(), final_.c_str()) != 0) {
      throw common::io_error("cannot write", final_.string());
    }
    path_.clear();
    common::sync_path(final_.has_parent_path() ? final_.parent_path() : ".");
  }

 private:
  std::filesystem::path final_, path_;
};

}  // namespace imaging
