#pragma once

#include "model/damage_rule.h"

namespace restore {

struct Findings;
struct RestoreOptions;

/// How much of what the network says is done.
struct Strengths {
  double grain = 1;    ///< of the change of undamaged pixels, but for its slow part
  double tone = 1;     ///< of that slow part: what changes over 32 pixels and more
  double inpaint = 1;  ///< of the change of damaged pixels
  /// 0: a pixel's weight as damage is its probability of damage. 1: it is 0 unless that is high.
  double caution = 0;
  model::DamageRule rule = {};
};

/// Of the logit of damage. What the network is half sure of is then 82% or 18%.
inline constexpr double kLogitPerSensitivity = 1.5;

/// Nothing that is found is filled if nobody wants it repaired. Without RestoreOptions::strength
/// more is taken for damage in a photograph in which the network is sure of much: doubtful pixels
/// of a cracked print are cracks more often than those of an intact one, where only what is as good
/// as certain is filled. A cracked one is worth a second look.
model::DamageRule damage_rule_for(const RestoreOptions& options, const Findings& found);

/// With RestoreOptions::strength all three are that. Without: grain is removed as far as there is
/// grain, tone is changed as far as the photograph is faded, and the more damage is sure, or
/// the surer the photograph is old, the less caution.
Strengths strengths_for(const RestoreOptions& options, const Findings& found);

}  // namespace restore
