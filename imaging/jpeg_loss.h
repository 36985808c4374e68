#pragma once

#include <optional>

#include "common/files.h"

namespace imaging {

/// What a JPEG file lacks.
struct JpegLoss {
  double readable = 0;       ///< share of the picture above the first place where something is lost
  bool is_detail = false;    ///< all of it can be read, but without the detail of later scans
  bool is_only_end = false;  ///< at most kMostEndLost of the picture, because the file ends early
};
inline constexpr double kMostEndLost = 0.01;

/// Reads all of a JPEG file's codes, which takes a part of the time of decoding it: decoders make
/// up what is lost and say nothing. None for a whole picture, and for a file that is no JPEG or
/// that libjpeg cannot begin with.
std::optional<JpegLoss> find_jpeg_loss(const common::FileDescriptor& file);

}  // namespace imaging
