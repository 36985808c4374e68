#pragma once

#include "restore/restored_photo.h"

namespace webui {

/// Instead of a model: writes the photograph blurred, as PNG; finds a round damage in its middle;
/// paints black what a mask marks. Takes `seconds`, and tells its progress 50 times in each.
restore::RestorePhoto fake_restoring(double seconds);

}  // namespace webui
