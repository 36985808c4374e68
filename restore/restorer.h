// restore/: an exported model applied to real photographs; `restore`, `restore-eval`.
// May include model/, checkpoints/, dataset/ageing, dataset/photos, common/; LibTorch and libvips.
// Start here, then tiling.h (how a picture is cut), picture_file.h (in and out), restore_photos.h.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "model/network.h"
#include "restore/pictures/plane.h"
#include "restore/tiling.h"

namespace restore {

/// Cb and Cr of BT.601 about 0 (model/chroma.h), at the luma's resolution.
struct Chroma {
  Plane blue, red;
};

struct Restored {
  Plane luma;                    ///< in [0,1]
  Plane damage;                  ///< probability of damage, in [0,1]
  std::optional<Chroma> chroma;  ///< none: the network does not colour
};

/// Applies a network to pictures of any size. The network sees a tile at a time: its memory does
/// not grow with the picture. A picture that is not cut gives exactly what the network gives.
class Restorer {
 public:
  using TileDone = std::function<void(int64_t done, int64_t total)>;

  /// Throws Error(usage) if `tiling` does not validate.
  Restorer(std::shared_ptr<model::Network> network, const Tiling& tiling);

  /// `known_damage` is the damage's opacity where it is known and negative where it is not; null:
  /// nothing is known.
  /// Throws Error(usage) if it has another size than `aged`, Error(numeric) if the network gives
  /// values that are not finite.
  Restored restore(const Plane& aged, const Plane* known_damage = nullptr,
                   const TileDone& tile_done = {}) const;

 private:
  /// No pixels of damage: nothing is known.
  Restored apply(const Plane& tile, const Plane& known_damage) const;

  std::shared_ptr<model::Network> network_;
  Tiling tiling_;
};

/// `aged` and `restored` mixed, in place of `restored`: strength 0 gives the former, 1 the latter.
void mix(const Plane& aged, double strength, Plane& restored);

}  // namespace restore
