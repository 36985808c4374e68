#pragma once

#include "imaging/photo.h"
#include "restore/restorer.h"

namespace eval {

/// A photograph whose three channels are equal everywhere has no colours to be judged by.
bool is_gray(const imaging::Photo& photo);

/// The chroma of a picture in colours.
restore::Chroma chroma_planes(const imaging::Photo& photo);

/// A luma with a chroma of the same size, rounded to 8 bit.
imaging::Photo coloured(const imaging::Plane& luma, const restore::Chroma& chroma);

}  // namespace eval
