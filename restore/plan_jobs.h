#pragma once

#include <optional>
#include <vector>

#include "restore/restored_photo.h"

namespace restore {

/// Which photographs are restored, and how the results are named.
struct JobOptions {
  std::vector<std::filesystem::path> photos;  ///< files and folders
  std::filesystem::path output;               ///< empty: beside each photograph
  std::string suffix = ".restored";
  std::optional<imaging::Format> format = {};  ///< none: that of each photograph
  bool save_mask = false;             ///< also write the found damage, NAME.restored.mask.png

  /// Throws Error(usage).
  void validate() const;
};

/// The photographs of files and folders (recursive; what an earlier run left there is passed over)
/// with a distinct output each: DIR/NAME.restored.EXT, and folders below a folder are kept; without
/// DIR beside the photograph. EXT is the photograph's own, unless a format is asked for.
/// Throws Error(usage) if an output would replace one of the photographs, or two outputs fall
/// together, or a folder has no pictures.
std::vector<RestoreJob> plan_jobs(const JobOptions& options);

}  // namespace restore
