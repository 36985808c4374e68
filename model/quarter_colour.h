#pragma once

#include "device/torch.h"

namespace model {

/// A colour network says a and b of CIELAB at a quarter of the resolution: of the picture shrunk by
/// averaging the sRGB values of 4x4 pixels. Its classes are counted, taught and read at that size.
constexpr int64_t kColourShrink = 4;

/// a and b of the shrunk picture. Shapes: rgb [N,3,H,W] in [0,1]; returns [N,2,H/4,W/4].
/// Throws Error(internal) for another shape.
at::Tensor quarter_ab(const at::Tensor& rgb);

/// The chroma (model/chroma.h) of the shrunk picture that has these a and b and the lightness that
/// `luma` has as a gray; what lies outside sRGB is cut.
/// Shapes: ab [N,2,H/4,W/4], luma [N,1,H,W]; returns [N,2,H/4,W/4].
at::Tensor chroma_of_ab(const at::Tensor& ab, const at::Tensor& luma);

}  // namespace model
