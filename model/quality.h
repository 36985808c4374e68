#pragma once

#include <cstdint>
#include <optional>

#include "device/torch.h"

namespace model {

/// What an 8-bit file would hold of a picture in [0,1]: clipped, times 255, rounded; float64.
at::Tensor eight_bit(const at::Tensor& picture);

/// Peak signal-to-noise ratio in dB of one picture, as the field computes it: both clipped to [0,1]
/// and rounded to 8 bit, all channels jointly, no border left out; 100 if they are equal.
/// Shapes: [C,H,W] each, in [0,1]. Throws Error(internal) if they differ.
double psnr(const at::Tensor& a, const at::Tensor& b);

/// psnr() of the damaged pixels alone, those whose damage has an opacity of at least 0.5, as
/// count_damage() has it; nothing where no pixel is: such a picture has no place in a mean.
/// Shapes: a and b [C,H,W] in [0,1], damage [1,H,W]. Throws Error(internal) otherwise.
std::optional<double> hole_psnr(const at::Tensor& a, const at::Tensor& b, const at::Tensor& damage);

/// Structural similarity of one gray picture, clipped and rounded to 8 bit: Gaussian window of
/// 11x11 and sigma 1.5, K1 0.01, K2 0.03, mean over the windows that lie wholly inside. Shapes:
/// [1,H,W] each, H and W at least 11, in [0,1]. Throws Error(internal) otherwise. Source: Wang et
/// al., 2004, "Image quality assessment: from error visibility to structural similarity";
/// scikit-image gives the same (tests/model/golden).
double ssim(const at::Tensor& a, const at::Tensor& b);

/// Pixels by what is said of them and what they are. Counts of parts of a validation set, or of
/// several workers, add up.
struct DamageCounts {
  int64_t hits = 0;          ///< damaged and found
  int64_t false_alarms = 0;  ///< intact but marked
  int64_t misses = 0;        ///< damaged and not found

  DamageCounts& operator+=(const DamageCounts& other);
  /// 2 hits / (2 hits + false alarms + misses); 1 where there is no damage and none is claimed.
  double f1() const;
  /// hits / (hits + false alarms + misses), the intersection over the union; 1 like f1().
  double iou() const;
};

/// A pixel is marked where its probability is above 0.5, damaged where the opacity of its damage is
/// at least 0.5. Shapes: equal, any.
DamageCounts count_damage(const at::Tensor& logits, const at::Tensor& damage);

inline double damage_f1(const at::Tensor& logits, const at::Tensor& damage) {
  return count_damage(logits, damage).f1();
}

}  // namespace model
