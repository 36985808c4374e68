#pragma once

#include <sys/types.h>

#include <filesystem>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "common/files.h"

namespace imaging {

/// exiftool, which reads and writes metadata: one process, kept open, since Perl takes longer to
/// start than to copy the metadata of a photograph. Threads may share it and then wait for each
/// other.
class ExifTool {
 public:
  /// Throws Error(config) that says what to install if there is no exiftool in PATH, or if it does
  /// not run.
  ExifTool();
  ~ExifTool();

  /// Runs one command, whose last argument is the file, and returns the lines that it printed,
  /// warnings and errors among them.
  /// Arguments must not be made of what a picture says; names of files come from path_argument or
  /// are those of descriptors in /proc.
  /// Throws Error(corrupt) if exiftool crashes over this command twice, or says nothing for
  /// minutes; Error(io) if it goes on for over two seconds after a stop.
  std::vector<std::string> run(const std::vector<std::string>& arguments,
                               const std::stop_token& stop = {});

  /// How exiftool is given a file, whatever it is called.
  static std::string path_argument(const std::filesystem::path& file);

 private:
  void start();
  void end();
  enum class Outcome { answered, ended, silent, stopped };
  Outcome converse(const std::string& request, const std::string& end_mark,
                   const std::stop_token& stop, std::string& answer);

  std::string program_;
  std::mutex mutex_;               // guards what follows
  common::FileDescriptor socket_;  // its standard input, output and error output
  pid_t process_ = 0;
  std::thread parent_;  // it forked the process and lives as long
};

}  // namespace imaging
