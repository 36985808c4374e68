#pragma once

#include "device/torch.h"

namespace model {

/// What is taken for a pixel of which nothing is known.
inline constexpr double kMidGray = 0.5;

/// Means of 2x2 pixels; of fewer at an odd edge.
at::Tensor halved(const at::Tensor& x);

/// The picture where it is trusted, and elsewhere a smooth interpolation of what is trusted about
/// it: weighted means of 2x2 pixels, again and again down to one row or column (pull), then each
/// level, enlarged bilinearly, behind the finer one (push). Mid gray where nothing is trusted.
/// Differentiable. Shapes: both [N,C,H,W]; `confidence` in [0,1].
/// Source: Gortler et al., 1996, "The Lumigraph", section 3.4.
at::Tensor pull_push(const at::Tensor& picture, const at::Tensor& confidence);

/// The same but for rounding, in half of the passes over memory: for inference.
at::Tensor quick_pull_push(const at::Tensor& picture, const at::Tensor& confidence);

}  // namespace model
