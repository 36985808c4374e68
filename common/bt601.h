#pragma once

namespace common {

// Luma is a weighted sum of sRGB's red, green and blue; Cb = (blue - luma) / kBlueRange, Cr = (red
// - luma) / kRedRange, about 0. Source: ITU-R BT.601, at full range.
inline constexpr double kLumaOfRed = 0.299, kLumaOfGreen = 0.587, kLumaOfBlue = 0.114;
inline constexpr double kBlueRange = 2 * (1 - kLumaOfBlue), kRedRange = 2 * (1 - kLumaOfRed);

}  // namespace common
