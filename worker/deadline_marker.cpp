#include "worker/deadline_marker.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "common/files.h"

namespace worker {

DeadlineMarker::DeadlineMarker(const std::filesystem::path& run_folder, int attempt)
    : path_(run_folder / "heartbeats" / ("deadline-passed-" + std::to_string(attempt))) {}

bool DeadlineMarker::is_there() const { return ::access(path_.c_str(), F_OK) == 0; }

bool DeadlineMarker::claim() const {
  const common::FileDescriptor file(
      ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  return file.get() >= 0 || errno != EEXIST;
}

}  // namespace worker
