#pragma once

#include <sys/types.h>

#include <filesystem>
#include <mutex>
#include <string>
#include <vector>

#include "common/files.h"

namespace imaging {

/// exiftool, which reads and writes metadata: one process, started when it is first needed and kept
/// open, since Perl takes longer to start than to copy the metadata of a photograph. Threads may
/// share it and then wait for each other.
class ExifTool {
 public:
  /// Throws Error(config) that says what to install if there is no exiftool in PATH.
  ExifTool();
  ~ExifTool();

  /// Runs one command and returns the lines that it printed, warnings and errors among them.
  /// Arguments must not be made of what a picture says; names of files come from path_argument or
  /// are those of descriptors in /proc.
  /// Throws Error(corrupt) if exiftool crashes or hangs over this command twice.
  std::vector<std::string> run(const std::vector<std::string>& arguments);

  /// How exiftool is given a file, whatever it is called.
  static std::string path_argument(const std::filesystem::path& file);

 private:
  void start();
  void stop();
  bool converse(const std::string& request, const std::string& end_mark, std::string& answer);

  std::string program_;
  std::mutex mutex_;               // guards what follows
  common::FileDescriptor socket_;  // its standard input, output and error output
  pid_t process_ = 0;
};

}  // namespace imaging
