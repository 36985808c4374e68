#pragma once

#include "device/torch.h"

namespace model {

/// CIEDE2000, the difference of two colours in units of about one that is just seen; weights kL =
/// kC = kH = 1. Computed in double precision. Shapes: CIELAB [..,3,H,W] each; returns [..,H,W].
/// Throws Error(internal) for others. Source: Sharma, Wu and Dalal, 2005, "The CIEDE2000
/// color-difference formula: implementation notes, supplementary test data, and mathematical
/// observations", equations 2 to 22.
at::Tensor ciede2000(const at::Tensor& lab_a, const at::Tensor& lab_b);

/// The mean CIEDE2000 of two pictures, both clipped and rounded to 8 bit.
/// Shapes: sRGB [3,H,W] each, in [0,1].
double mean_ciede2000(const at::Tensor& rgb_a, const at::Tensor& rgb_b);

/// Colourfulness of one picture, clipped and rounded to 8 bit: 0 gray, about 60 a colourful photo.
/// With rg = R - G and yb = (R + G) / 2 - B, both signed and 8 bit, it is the root of the sum of
/// their variances plus 0.3 times that of their squared means. DDColor and others take |rg| and
/// |yb|: their figures are not comparable. Shapes: sRGB [3,H,W] in [0,1]. Throws Error(internal)
/// otherwise. Source: Hasler and Suesstrunk, 2003, "Measuring colourfulness in natural images",
/// section 7.
double colourfulness(const at::Tensor& rgb);

}  // namespace model
