#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "imaging/photo_reader.h"
#include "restore/restored_photo.h"

namespace webui {

/// A JPEG as every browser shows it: upright, 8-bit sRGB, at most `max_side` pixels a side (never
/// enlarged), without metadata. Throws Error(corrupt), also for a truncated picture; Error(io).
std::string jpeg_preview(const std::filesystem::path& picture, int max_side);

/// Writes what a browser shows of a picture: a preview, and a small one. Throws as jpeg_preview.
void write_previews(const std::filesystem::path& picture, const std::filesystem::path& preview,
                    const std::filesystem::path& thumb);

/// A PNG to lay over a picture: one colour, opaque where there is damage.
std::string damage_overlay(const restore::GrayPreview& damage);

/// A gray PNG without any profile: a browser's script reads the very levels.
std::string gray_png(const restore::GrayPreview& picture);

/// Writes what a person painted on a preview, `png` of the size `painted`, as a mask for an
/// upright photograph of `size`: 8-bit gray PNG, white where it was painted and black elsewhere.
/// Throws Error(corrupt) if it is not a PNG of that size, Error(io).
void write_mask(std::string_view png, imaging::PhotoSize painted, imaging::PhotoSize size,
                const std::filesystem::path& mask);

}  // namespace webui
