#pragma once

#include <optional>
#include <string>
#include <vector>

#include "imaging/tiff_directory.h"

namespace imaging {

/// Bytes of a file's start by which its kind is told.
inline constexpr size_t kHeadBytes = 32;

/// "NEF", "DNG" ...: which camera's raw file this is, by its first bytes and, if it is a TIFF, its
/// pictures. Empty: none.
std::string raw_kind(const std::string& head, const std::vector<TiffPicture>& pictures);

/// "BMP", "PDF" ...: what a file that is not read is, by its first bytes. Empty: not known.
std::string foreign_kind(const std::string& head);

/// Whether libvips reads such a kind ("HEIC", "AVIF", "JXL", by bytes or by suffix) here: it does
/// so where its modules are installed.
bool has_module(const std::string& kind);

/// Which pictures of a TIFF file with several are of use.
struct TiffChoice {
  TiffPicture picture;                  ///< the first that is not a small copy of another
  std::optional<TiffPicture> infrared;  ///< a gray page of the same size beside one in colour
  int num_full_size = 0;                ///< all that a person would call a page
};

/// None if there is no picture.
std::optional<TiffChoice> choose_picture(const std::vector<TiffPicture>& pictures);

}  // namespace imaging
