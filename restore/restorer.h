#pragma once

#include <memory>
#include <optional>

#include "model/network.h"
#include "imaging/plane.h"
#include "restore/tiling.h"

namespace restore {

/// Cb and Cr of BT.601 about 0 (model/chroma.h), at the luma's resolution.
struct Chroma {
  imaging::Plane blue, red;
};

struct Restored {
  imaging::Plane luma;                    ///< in [0,1]
  imaging::Plane damage;                  ///< probability of damage, in [0,1]
  std::optional<Chroma> chroma;  ///< none: the network does not colour
};

/// Applies a network to pictures in memory, as they are measured by restore-eval. The network sees
/// a tile at a time: its memory does not grow with the picture. A picture that is not cut gives
/// exactly what the network gives.
class Restorer {
 public:
  /// Throws Error(usage) if `tiling` does not validate.
  Restorer(std::shared_ptr<model::Network> network, const Tiling& tiling);

  /// `known_damage` is the damage's opacity where it is known and negative where it is not; null:
  /// nothing is known.
  /// Throws Error(usage) if it has another size than `aged`, Error(numeric) if the network gives
  /// values that are not finite.
  Restored restore(const imaging::Plane& aged, const imaging::Plane* known_damage = nullptr) const;

 private:
  std::shared_ptr<model::Network> network_;
  Tiling tiling_;
};

}  // namespace restore
