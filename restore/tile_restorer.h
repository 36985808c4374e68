#pragma once

#include <vector>

#include "imaging/plane.h"
#include "restore/overview.h"
#include "restore/strengths.h"

namespace restore {

/// The layers of a tile: luma first, then these.
struct TileLayers {
  bool has_known_damage = false;  ///< opacity, negative where nothing is known
  bool has_chroma = false;        ///< Cb and Cr

  size_t count() const { return 1U + (has_known_damage ? 1U : 0U) + (has_chroma ? 2U : 0U); }
};

/// Restores one tile: asks the network, and says what to change.
class TileRestorer {
 public:
  /// `overview` and the network must outlive this object.
  TileRestorer(model::Network& network, const Strengths& strengths, const TileLayers& layers,
               const Overview& overview);

  /// The change of luma, the damage (0 to 1) and, if the tile has chroma, the changes of Cb and Cr:
  /// inpainted pixels take their colour from around the damage.
  /// Throws Error(numeric) if the network gives values that are not finite.
  std::vector<imaging::Plane> operator()(const std::vector<imaging::Plane>& tile,
                                         imaging::Span rows, imaging::Span columns);

  /// Time spent in the network so far.
  double network_seconds() const { return network_seconds_; }

 private:
  /// What the network is given of a tile, all [1,1,H,W].
  struct Input {
    at::Tensor aged;
    at::Tensor seen = {};   ///< with wide holes inpainted from the overview
    at::Tensor known = {};  ///< undefined: nothing is known
    at::Tensor hole = {};   ///< undefined: there is none
  };
  Input input_of(const std::vector<imaging::Plane>& tile, imaging::Span rows,
                 imaging::Span columns) const;
  model::Restoration ask(const Input& input);
  at::Tensor change_of(const model::Restoration& said, const Input& input,
                       const at::Tensor& inpainted) const;
  at::Tensor chroma_change(const std::vector<imaging::Plane>& tile, const at::Tensor& damage) const;
  at::Tensor placed(const imaging::Plane& plane) const;

  model::Network& network_;
  Strengths strengths_;
  TileLayers layers_;
  const Overview& overview_;
  double network_seconds_ = 0;
};

}  // namespace restore
