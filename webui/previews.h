#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "restore/restored_photo.h"

namespace webui {

/// Pixels of an upright picture.
struct PictureSize {
  int64_t width = 0, height = 0;
};

/// From the file's header alone. Throws Error(corrupt) for what is not a JPEG, PNG, TIFF or WebP
/// picture, or has more than kMostPixels pixels; Error(io).
PictureSize size_of(const std::filesystem::path& picture);

/// A JPEG as every browser shows it: upright, 8-bit sRGB, at most `max_side` pixels a side (never
/// enlarged), without metadata. Throws Error(corrupt), also for a truncated picture; Error(io).
std::string jpeg_preview(const std::filesystem::path& picture, int max_side);

/// Writes what a browser shows of a picture: a preview, and a small one. Throws as jpeg_preview.
void write_previews(const std::filesystem::path& picture, const std::filesystem::path& preview,
                    const std::filesystem::path& thumb);

/// A PNG to lay over a picture: one colour, opaque where there is damage.
std::string damage_overlay(const restore::GrayPreview& damage);

/// Writes what a person painted on a preview, `png` of the size `painted`, as a mask for an
/// upright photograph of `size`: 8-bit gray PNG, white where it was painted and black elsewhere.
/// Throws Error(corrupt) if it is not a PNG of that size, Error(io).
void write_mask(std::string_view png, PictureSize painted, PictureSize size,
                const std::filesystem::path& mask);

}  // namespace webui
