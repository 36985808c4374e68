#pragma once

#include <string>
#include <vector>

#include "restore/page/photo_queue.h"
#include "restore/page/upload.h"

namespace restore::page {

/// What the page asks for again and again: {"photos": [...], "limits": {...}}.
std::string state_json(const std::vector<PhotoStatus>& photos, const UploadLimits& limits,
                       int max_photos);

std::string photo_json(const PhotoStatus& photo);

/// {"error": message}
std::string error_json(const std::string& message);

}  // namespace restore::page
