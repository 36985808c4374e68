#pragma once

#include "dataset/ageing/canvas.h"

namespace dataset::ageing {

/// What is left of the picture after a JPEG file of this quality (1 to 100).
/// Throws Error(usage) if a side is longer than JPEG allows, 65500.
Channel through_jpeg(const Channel& plane, int quality);

}  // namespace dataset::ageing
