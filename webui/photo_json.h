#pragma once

#include <string>
#include <vector>

#include "webui/photo_queue.h"
#include "webui/upload.h"

namespace webui {

/// What the page asks for again and again: {"photos": [...], "limits": {...}}.
std::string state_json(const std::vector<PhotoStatus>& photos, const UploadLimits& limits,
                       int max_photos);

std::string photo_json(const PhotoStatus& photo);

/// {"error": message}
std::string error_json(const std::string& message);

}  // namespace webui
