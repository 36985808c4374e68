#pragma once

#include "dataset/photos/photo.h"
#include "restore/restorer.h"

namespace restore {

/// A photograph whose three channels are equal everywhere has no colours to be judged by.
bool is_gray(const dataset::Photo& photo);

/// The chroma of a picture in colours.
Chroma chroma_planes(const dataset::Photo& photo);

/// A luma with a chroma of the same size, rounded to 8 bit.
dataset::Photo coloured(const Plane& luma, const Chroma& chroma);

}  // namespace restore
