// restore/: an exported model applied to real photographs; `restore`, `restore-eval`.
// May include model/, checkpoints/, dataset/ageing, dataset/photos, common/; LibTorch and libvips.
// Start here, then tiling.h (how a picture is cut), picture_file.h (in and out), restore_photos.h.
#pragma once

#include <functional>
#include <memory>

#include "model/network.h"
#include "restore/plane.h"
#include "restore/tiling.h"

namespace restore {

struct Restored {
  Plane luma;    ///< in [0,1]
  Plane damage;  ///< probability of damage, in [0,1]
};

/// Applies a network to pictures of any size. The network sees a tile at a time: its memory does
/// not grow with the picture. A picture that is not cut gives exactly what the network gives.
class Restorer {
 public:
  using TileDone = std::function<void(int64_t done, int64_t total)>;

  /// Throws Error(usage) if `tiling` does not validate.
  Restorer(std::shared_ptr<model::Network> network, const Tiling& tiling);

  /// Throws Error(numeric) if the network gives values that are not finite.
  Restored restore(const Plane& aged, const TileDone& tile_done = {}) const;

 private:
  Restored apply(const Plane& tile) const;

  std::shared_ptr<model::Network> network_;
  Tiling tiling_;
};

/// `aged` and `restored` mixed, in place of `restored`: strength 0 gives the former, 1 the latter.
void mix(const Plane& aged, double strength, Plane& restored);

}  // namespace restore
