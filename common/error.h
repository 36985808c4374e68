#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace common {

/// What kind of thing went wrong; decides the exit code and whether a launcher may try again.
enum class ErrorKind {
  usage,     ///< the command line asks for something impossible
  config,    ///< a configuration file or value
  io,        ///< the operating system refused: missing file, full disk, permission
  corrupt,   ///< bytes that are not what their format promises
  comm,      ///< another worker failed, could not be reached or has drifted apart: try again
  numeric,   ///< non-finite values where training needs finite ones
  internal,  ///< a mistake in the program: a wrong shape or element type; see check()
};

/// The one exception type of the project. A message says where, what was expected, what was got,
/// what to do.
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}
  ErrorKind kind() const { return kind_; }

 private:
  ErrorKind kind_;
};

inline Error usage_error(const std::string& message) { return {ErrorKind::usage, message}; }
inline Error config_error(const std::string& message) { return {ErrorKind::config, message}; }
inline Error corrupt_error(const std::string& message) { return {ErrorKind::corrupt, message}; }
inline Error comm_error(const std::string& message) { return {ErrorKind::comm, message}; }
inline Error numeric_error(const std::string& message) { return {ErrorKind::numeric, message}; }
inline Error internal_error(const std::string& message) { return {ErrorKind::internal, message}; }

/// Exit codes after sysexits.h, so that scripts and the launcher can tell failures apart.
inline constexpr int kExitDone = 0;
inline constexpr int kExitUsage = 64;
inline constexpr int kExitBadData = 65;
inline constexpr int kExitInternal = 70;
inline constexpr int kExitIo = 74;
inline constexpr int kExitRetryable = 75;
inline constexpr int kExitBadConfig = 78;
inline constexpr int kExitRequeue = 85;

int exit_code(ErrorKind kind);

/// "usage", "configuration", "i/o" ...: how a message names the kind to a person.
const char* to_string(ErrorKind kind);

/// Throws Error(internal) unless `condition` holds.
void check(bool condition, std::string_view message);

/// Error(io) with `what`, the path and the text of errno as it is now.
Error io_error(const std::string& what, const std::string& path);

}  // namespace common
