// Colour beside luma: the chroma of BT.601 at full range, as JPEG has it, about 0.
#pragma once

#include "device/torch.h"

namespace model {

/// Luma of sRGB values, BT.601 at full range: 0.299 R + 0.587 G + 0.114 B.
/// Shapes: rgb [N,3,H,W]; returns [N,1,H,W]. Throws Error(internal) for another shape.
at::Tensor luma_of(const at::Tensor& rgb);

/// Cb = (B - Y) / 1.772 and Cr = (R - Y) / 1.402, -0.5 to 0.5; gray is 0.
/// Shapes: rgb [N,3,H,W] in [0,1]; returns [N,2,H,W]. Throws Error(internal) for another shape.
/// Source: ITU-T T.871 (JFIF), section 7, without its offset.
at::Tensor chroma_of(const at::Tensor& rgb);

/// The inverse, clamped to [0,1]. Where nothing is clamped the result has exactly this luma.
/// Shapes: luma [N,1,H,W], chroma [N,2,H,W]; returns [N,3,H,W].
at::Tensor rgb_of_luma_and_chroma(const at::Tensor& luma, const at::Tensor& chroma);

/// Chroma as a linear function of luma about every pixel: slope * luma + offset.
struct ChromaLines {
  at::Tensor slope, offset;  ///< [N,2,h,w] each
};

/// Shapes: chroma [N,2,h,w], luma [N,1,H,W]. Throws Error(internal) otherwise.
/// Source: He and Sun, 2015, arXiv 1505.00996; radius 2 at chroma's resolution, epsilon 1e-3.
ChromaLines chroma_lines(const at::Tensor& chroma, const at::Tensor& luma);

/// Chroma at luma's resolution, its edges where luma's are: the fast guided filter, the lines above
/// enlarged bilinearly.
/// Shapes: chroma [N,2,h,w], luma [N,1,H,W]; returns [N,2,H,W]. Throws Error(internal) otherwise.
at::Tensor upsample_chroma(const at::Tensor& chroma, const at::Tensor& luma);

}  // namespace model
