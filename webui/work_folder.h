#pragma once

#include <filesystem>

namespace webui {

/// A fresh folder that only this user can read, gone with all in it at the end of its life.
class WorkFolder {
 public:
  /// Below `parent`, which is made if need be; empty: the system's folder for temporary files.
  /// Throws Error(io).
  explicit WorkFolder(std::filesystem::path parent);
  ~WorkFolder();
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace webui
