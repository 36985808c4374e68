#pragma once

#include <functional>
#include <string>

#include "restore/restore_options.h"

namespace webui {

/// What the page asks for with "tasks=denoise,fill&strength=auto&colours=keep&mask=only", whose
/// values `value` gives ("" for one that is not there).
/// Throws Error(usage) for no task, and for a strength that is neither auto nor in 0 to 1.
restore::RestoreOptions parse_treatment(const std::function<std::string(const char* name)>& value);

}  // namespace webui
