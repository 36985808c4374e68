#include "common/error.h"

#include <cerrno>
#include <cstring>

namespace common {

int exit_code(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::usage: return kExitUsage;
    case ErrorKind::config: return kExitBadConfig;
    case ErrorKind::io: return kExitIo;
    case ErrorKind::corrupt: return kExitBadData;
    case ErrorKind::comm: return kExitRetryable;
    case ErrorKind::numeric:
    case ErrorKind::internal: return kExitInternal;
  }
  return kExitInternal;
}

const char* to_string(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::usage: return "usage";
    case ErrorKind::config: return "configuration";
    case ErrorKind::io: return "i/o";
    case ErrorKind::corrupt: return "bad data";
    case ErrorKind::comm: return "communication";
    case ErrorKind::numeric: return "numeric";
    case ErrorKind::internal: return "internal";
  }
  return "error";
}

void check(bool condition, std::string_view message) {
  if (!condition) throw Error(ErrorKind::internal, std::string(message));
}

Error io_error(const std::string& what, const std::string& path) {
  const int code = errno;
  return {ErrorKind::io, what + " " + path + ": " + std::strerror(code)};
}

}  // namespace common
