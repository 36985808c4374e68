#include "restore/strengths.h"

#include <algorithm>

#include "restore/restored_photo.h"

namespace restore {
namespace {

// Levels of 255: below the first a photograph counts as clean, from the second on as grainy.
constexpr double kCleanGrain = 1.4, kGrainy = 2.8;
// The darkest and lightest half percent: a photograph that reaches further has not faded.
constexpr double kBlack = 0.06, kFadedBlack = 0.14, kWhite = 0.92, kFadedWhite = 0.8;
// Share of damaged pixels: in clean photographs the network finds less, in old ones more.
constexpr double kCleanShare = 0.003, kDamagedShare = 0.012;
// Of the logit of damage.
constexpr double kShiftOfDamaged = 1;

/// 0 up to `none`, 1 from `all` on, linear between.
double share_between(double value, double none, double all) {
  return std::clamp((value - none) / (all - none), 0.0, 1.0);
}

}  // namespace

double damage_shift_for(const RestoreOptions& options, double damaged_share) {
  if (!options.tasks.inpaint || options.only_mask) return 0;
  const double more =
      options.strength ? 0
                       : kShiftOfDamaged * share_between(damaged_share, kCleanShare, kDamagedShare);
  return kLogitPerSensitivity * options.sensitivity + more;
}

Strengths strengths_for(const RestoreOptions& options, const Findings& found) {
  Strengths strengths;
  strengths.damage_shift = damage_shift_for(options, found.damaged_share);
  if (options.strength) {
    strengths.grain = strengths.tone = strengths.inpaint = *options.strength;
  } else {
    const double damaged = share_between(found.damaged_share, kCleanShare, kDamagedShare);
    const double faded = std::max(share_between(found.black, kBlack, kFadedBlack),
                                  share_between(found.white, kWhite, kFadedWhite));
    strengths.grain = share_between(found.grain, kCleanGrain, kGrainy);
    strengths.tone = std::max(faded, strengths.grain);
    strengths.caution = 1 - damaged;
  }
  if (!options.tasks.denoise) strengths.grain = strengths.tone = 0;
  if (!options.tasks.inpaint) strengths.inpaint = 0;
  return strengths;
}

}  // namespace restore
