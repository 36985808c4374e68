#pragma once

#include <filesystem>

#include "restore/pictures/plane.h"

namespace restore {

/// Writes a gray PNG of 8 bit of values in [0,1], in one step: an earlier file stays whole until
/// then. Throws Error(io), also for a full disk.
void write_gray(const std::filesystem::path& path, const Plane& plane);

}  // namespace restore
