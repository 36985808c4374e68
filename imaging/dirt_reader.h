#pragma once

#include <filesystem>
#include <vector>

#include "imaging/photo.h"

namespace imaging {

/// A person's own pictures of dirt: all JPEG, PNG, TIFF and WebP files of a folder and below it, in
/// the order of their names; colours become luma, transparency stays. Those whose shorter side is
/// longer than 1024 pixels are shrunk to it: dirt is laid over photographs of any size.
/// Throws Error(config) that says what to do if there is no such folder, it holds no picture, or
/// one of them cannot be decoded or is smaller than 16 x 16; Error(io) if it cannot be read.
std::vector<GrayPicture> read_dirt_pictures(const std::filesystem::path& folder);

}  // namespace imaging
