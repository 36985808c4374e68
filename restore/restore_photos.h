#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "restore/pictures/picture_file.h"
#include "restore/restored_photo.h"
#include "restore/restorer.h"

namespace restore {

/// What `restore` was asked to do.
struct RestoreOptions {
  std::vector<std::filesystem::path> photos;  ///< files and folders
  std::filesystem::path output;               ///< empty: beside each photograph
  std::string suffix = ".restored";
  Format format = Format::png;
  double strength = 1;       ///< 0 leaves the photograph as it is
  bool save_damage = false;  ///< also write the found damage, white where it is certain

  /// Throws Error(usage).
  void validate() const;
};

/// The photographs of files and folders (recursive; what an earlier run left there is passed over)
/// with a distinct output each: DIR/NAME.restored.png, and folders below a folder are kept; without
/// DIR beside the photograph.
/// Throws Error(usage) if an output would replace one of the photographs, or two outputs fall
/// together, or a folder has no pictures.
std::vector<RestoreJob> plan_jobs(const RestoreOptions& options);

/// Restores one photograph after the other and prints a line for each. Returns those that could not
/// be read: each was named in the log, the others are done.
/// Throws Error(io) if a result cannot be written: the next could not either.
std::vector<std::filesystem::path> restore_photos(const std::vector<RestoreJob>& jobs,
                                                  const RestoreOptions& options,
                                                  const Restorer& restorer);

}  // namespace restore
