#pragma once

#include <stop_token>

#include "restore/restored_photo.h"
#include "webui/upload.h"

namespace webui {

struct ServeOptions {
  bool is_served = false;
  int port = 0;            ///< of 127.0.0.1; 0: any that is free
  double sensitivity = 0;  ///< where the page's slider begins (restore::RestoreOptions)

  /// Throws Error(usage).
  void validate() const;
};

void add_options(common::CommandLine& line, ServeOptions& options);

/// Serves the page that restores photographs to the browsers of this machine, and of this user:
/// the address, printed on the standard output, holds a secret. Until a stop; photographs and
/// results, which lie in the system's folder for temporary files, are deleted then.
/// `restore_photo` and `find_damage`, which may be empty, are called from one thread of their own,
/// one photograph at a time. The first writes exactly the file RestoreJob::restored, which has no
/// extension, in any format, and says which in RestoredPhoto::format. Returns an exit code. Throws
/// Error(usage) for a port that is taken, Error(io).
int serve(const ServeOptions& options, const restore::RestorePhoto& restore_photo,
          const restore::FindDamage& find_damage, const std::stop_token& stop,
          const PageLimits& limits = {});

}  // namespace webui
