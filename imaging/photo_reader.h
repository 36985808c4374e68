#pragma once

#include <filesystem>
#include <vector>

#include "imaging/plane.h"
#include "imaging/vips.h"

namespace imaging {

struct PhotoSize {
  int width = 0;
  int height = 0;
};

/// The size of the photo that read_photo would return, from the file's header alone. Throws as
/// ImageFile does.
PhotoSize photo_size(const std::filesystem::path& path, int short_side);

/// Transparency laid on white; `path` is for the message. Throws Error(corrupt).
vips::Image on_white(const std::filesystem::path& path, vips::Image image);

/// The whole photograph in memory, as a person sees it: turned by its orientation tag, colours
/// converted from its profile to sRGB, 16 bit rounded to 8, gray as three equal planes,
/// transparency laid on white. With `short_side` > 0 it is shrunk until the shorter side has that
/// many pixels; never enlarged. Thread-safe. Throws as ImageFile does, and Error(corrupt) if the
/// file is damaged.
Photo read_photo(const std::filesystem::path& path, int short_side);

/// A person's own pictures of dirt: all pictures of a folder and below it, in the order of their
/// names; colours become luma, transparency stays. Those whose shorter side is longer than 1024
/// pixels are shrunk to it: dirt is laid over photographs of any size.
/// Throws Error(config) that says what to do if there is no such folder, it holds no picture, or
/// one of them cannot be decoded or is smaller than 16 x 16; Error(io) if it cannot be read.
std::vector<GrayPicture> read_dirt_pictures(const std::filesystem::path& folder);

}  // namespace imaging
