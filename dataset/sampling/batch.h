#pragma once

#include <cstdint>
#include <vector>

namespace dataset {

/// N samples of H x W pixels, as a network takes them. Values in [0,1]; noise
/// that is not clipped (StoreParameters::awgn_sigma) may leave that interval in `aged`.
struct Batch {
  int64_t count = 0;
  int64_t height = 0;
  int64_t width = 0;
  std::vector<float> aged;    ///< [N,1,H,W]
  std::vector<float> clean;   ///< [N,3,H,W] sRGB
  std::vector<float> damage;  ///< [N,1,H,W] alpha
};

}  // namespace dataset
