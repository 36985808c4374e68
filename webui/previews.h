#pragma once

#include "webui/photo_folder.h"
#include "restore/restored_photo.h"

namespace webui {

/// What a browser shows of a photograph as it came. Throws Error(corrupt), Error(io).
void write_photo_previews(const PhotoFolder& files);

/// What a browser shows of a result: the picture, its small one, the damage. Throws the same.
void write_result_previews(const restore::RestoredPhoto& photo, const PhotoFolder& files, int version);

}  // namespace webui
