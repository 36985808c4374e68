#pragma once

#include "device/torch.h"

namespace model {

/// CIELAB of sRGB values, illuminant D65, 2 degree observer.
/// Shapes: rgb [..,3,H,W], 0 to 1; returns [..,3,H,W]: L 0 to 100, a and b about -128 to 128.
/// Throws Error(internal) for another shape, as rgb_of does.
/// Source: IEC 61966-2-1 and CIE 15, with the rounded constants of scikit-image (which Zhang et al.
/// used): the white of the primaries is 5e-6 off D65, so a gray has |a| and |b| under 0.005.
at::Tensor lab_of(const at::Tensor& rgb);

/// L of gray sRGB values. Shapes: any, and the same.
at::Tensor lightness_of(const at::Tensor& gray);

/// The inverse of lab_of, clamped to [0,1]: what lies outside sRGB is cut a channel, as
/// scikit-image does.
at::Tensor rgb_of(const at::Tensor& lab);

}  // namespace model
