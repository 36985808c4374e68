#pragma once

namespace model {

/// Which pixels a network takes for damaged where nothing is known of that, and what mends them.
struct DamageRule {
  double shift = 0;  ///< added to the logits of damage: above 0, more is taken for damage
  /// A pixel is filled from this logit on; infinity: none is. The default is a probability of 0.12:
  /// one that is missed costs more than one that is filled in vain, through whose filling it shines
  /// (measured: 0.5 dB in scratches over 0.27).
  double filled_from = -2;
  /// Damage is looked for in gain * luma + offset: in a print that has faded as if it had not.
  double gain = 1, offset = 0;
  bool twice = false;  ///< as the mean of two looks, one at the picture on its side
  /// The noise of the photograph is white: a part that learnt nothing else takes it away, if there
  /// is one.
  bool white_noise = false;

  bool operator==(const DamageRule&) const = default;
};

}  // namespace model
