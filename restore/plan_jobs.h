#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "restore/restored_photo.h"

namespace restore {

/// Which photographs are restored, and how the results are named.
struct JobOptions {
  std::vector<std::filesystem::path> photos;  ///< files and folders
  std::filesystem::path output = {};          ///< empty: beside each photograph
  std::string suffix = ".restored";
  std::optional<imaging::Format> format = {};  ///< none: that of each photograph
  int quality = 95;                            ///< of JPEG and WebP, 1 to 100
  bool save_mask = false;      ///< also write the found damage, NAME.restored.mask.png
  bool sidecar = false;        ///< also write how it was made, NAME.restored.json
  bool keep_times = false;     ///< results' files are as old as the photographs'
  bool no_provenance = false;  ///< the result itself does not say how it was made

  /// Throws Error(usage).
  void validate() const;
};

void add_options(common::CommandLine& line, JobOptions& options);

/// A name without extension for each file: "sub/photo.jpg" gives "sub/photo"; files that differ by
/// their extension alone keep it: "photo.jpg" and "photo.tif" stay as they are.
/// Throws Error(usage) if a path is there twice.
std::vector<std::string> distinct_names(const std::vector<std::filesystem::path>& files);

/// The photographs of files and folders (recursive; what an earlier run left there is passed over)
/// with a distinct output each: DIR/NAME.restored.EXT, and folders below a folder are kept; without
/// DIR beside the photograph. EXT is the photograph's own, unless a format is asked for.
/// Throws Error(usage) if an output would replace one of the photographs, or two outputs fall
/// together, or a folder has no pictures.
std::vector<RestoreJob> plan_jobs(const JobOptions& options);

/// A file and the option that names it.
using NamedFiles = std::vector<std::pair<std::string, std::filesystem::path>>;

/// Throws Error(usage) if a file that the run writes, a result or one of `written`, is a photograph
/// or one of `read`, whatever it is called there, or one
/// of `written` a result.
void require_no_input_written(const std::vector<RestoreJob>& jobs, const NamedFiles& read,
                              const NamedFiles& written);

}  // namespace restore
