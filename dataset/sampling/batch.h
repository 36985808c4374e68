#pragma once

#include <cstdint>
#include <memory_resource>
#include <vector>

namespace dataset {

/// N samples of H x W pixels, the input of a network. Values in [0,1]; `aged` may leave the
/// interval where noise was added without clipping (StoreParameters::awgn_sigma). The memory comes
/// from the resource that the batch was made with, such as one of pinned pages for a GPU.
struct Batch {
  int64_t count = 0;
  int64_t height = 0;
  int64_t width = 0;
  std::pmr::vector<float> aged;    ///< [N,1,H,W]
  std::pmr::vector<float> clean;   ///< [N,3,H,W] sRGB
  std::pmr::vector<float> damage;  ///< [N,1,H,W] alpha
};

}  // namespace dataset
