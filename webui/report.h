// webui/: pages for people: a report in one file, and a page served to the browser of this machine.
// No LibTorch. May include common, imaging and, of restore, the functions RestorePhoto and
// FindDamage and their options (restored_photo.h, restore_options.h). Start with report.h and
// serve.h; assets/ holds what a browser gets.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "common/files.h"
#include "restore/restored_photo.h"

namespace webui {

/// One HTML file that shows photographs before and after, with what was found and done; it asks
/// nothing of the network. Written as photographs come, so that memory does not grow with them.
class Report {
 public:
  /// Begins `page` under a temporary name beside it. Without finish() nothing is left, and an
  /// earlier page stays as it was. Throws Error(io).
  explicit Report(const std::filesystem::path& page);

  /// Reads both pictures; one that cannot be read is a sentence in the report. Throws Error(io).
  void add(const restore::RestoredPhoto& photo);

  /// Gives the page its name; an earlier page stays if no photograph was added. Throws Error(io).
  void finish();

 private:
  std::filesystem::path page_;
  common::AtomicFile file_;
  std::vector<std::string> names_;
};

}  // namespace webui
