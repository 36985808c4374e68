#pragma once

#include "restore/restored_photo.h"

namespace webui {

/// Instead of a model: writes the photograph blurred, as PNG; finds a round damage in its middle;
/// paints black what a mask marks. Takes `seconds`, and tells its progress 50 times in each.
restore::RestorePhoto fake_restoring(double seconds);

/// Finds the same round damage: surely in its middle, and less so the further from it, so that it
/// grows and shrinks with the sensitivity.
restore::GrayPreview fake_finding(const std::filesystem::path& photo, const std::stop_token& stop);

}  // namespace webui
