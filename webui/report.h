// Pages for people: a report in one file, and a page served to the browser of this machine. No
// LibTorch. May include common, dataset/photos, restore's interfaces (restored_photo.h,
// treatment.h) and restore/pictures. Start with report.h and serve.h.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "restore/restored_photo.h"

namespace webui {

/// One HTML file that shows photographs before and after, with what was found and done; it asks
/// nothing of the network. Written as photographs come, so that memory does not grow with them.
class Report {
 public:
  /// Begins `page` under a temporary name beside it. Throws Error(io).
  explicit Report(const std::filesystem::path& page);
  ~Report();  ///< without finish(): nothing is left, an earlier page stays as it was
  Report(const Report&) = delete;
  Report& operator=(const Report&) = delete;

  /// Reads both pictures; one that cannot be read is a sentence in the report. Throws Error(io).
  void add(const restore::RestoredPhoto& photo);

  /// Gives the page its name. Throws Error(io).
  void finish();

 private:
  void write(std::string_view text);

  std::unique_ptr<class ReportFile> file_;
  std::vector<std::string> names_;
};

/// All of `photos` in one Report. Throws Error(io).
void write_report(const std::filesystem::path& page, const std::vector<restore::RestoredPhoto>& photos);

}  // namespace webui
