#pragma once

#include <functional>

#include "model/network.h"
#include "imaging/plane.h"
#include "restore/overview.h"

namespace restore {

/// How much of what a network says is done.
struct Strengths {
  double grain = 1;  ///< of the change of undamaged pixels, but for
  double tone = 1;   ///< the part of it that changes slowly over the picture
  double fill = 1;   ///< of the filling of damage
  /// How far a pixel is left as it is if the network is in two minds whether it is damaged: 0 it
  /// counts as damaged as it probably is, 1 as soon as that is almost certain.
  double doubt = 0;
};

/// What a tile brings along.
struct TileLayers {
  bool has_known_damage = false;  ///< layer 1: opacity, negative where nothing is known
  bool has_chroma = false;        ///< the last two layers: Cb and Cr

  size_t count() const { return 1U + (has_known_damage ? 1U : 0U) + (has_chroma ? 2U : 0U); }
};

/// Turns a tile (luma first, then what TileLayers says) into what is to be added to its luma, its
/// damage from 0 to 1 and, with chroma, what is to be added to Cb and Cr: colour does not shine
/// through filled damage, but is taken from about it.
class TileRestorer {
 public:
  /// `view` may be null; what is pointed to must outlive this object.
  TileRestorer(model::Network& network, const Strengths& strengths, const TileLayers& layers,
                const Overview* view);

  /// The strengths become what `decide` says of the damaged share of the first tile: for a
  /// photograph of one tile, which is looked at only once.
  using Decide = std::function<Strengths(double damaged_share)>;
  void decide_by_first_tile(Decide decide) { decide_ = std::move(decide); }
  const Strengths& strengths() const { return strengths_; }

  /// Throws Error(numeric) if the network gives values that are not finite.
  std::vector<imaging::Plane> operator()(const std::vector<imaging::Plane>& tile, imaging::Span rows, imaging::Span columns);

  /// Time spent in the network so far.
  double network_seconds() const { return network_seconds_; }

 private:
  /// What the network is given of a tile, all [1,1,H,W].
  struct Given {
    at::Tensor aged;
    at::Tensor seen = {};   ///< with wide holes filled from the whole view
    at::Tensor known = {};  ///< undefined: nothing is known
    at::Tensor hole = {};   ///< undefined: there is none
  };
  Given given(const std::vector<imaging::Plane>& tile, imaging::Span rows, imaging::Span columns) const;
  at::Tensor damage_of(const model::Restoration& said, const Given& given);
  at::Tensor change_of(const model::Restoration& said, const Given& given,
                       const at::Tensor& damage) const;
  at::Tensor chroma_change(const std::vector<imaging::Plane>& tile, const at::Tensor& damage) const;
  at::Tensor placed(const imaging::Plane& plane) const;

  model::Network& network_;
  Strengths strengths_;
  TileLayers layers_;
  const Overview* view_;
  Decide decide_;
  double network_seconds_ = 0;
};

}  // namespace restore
