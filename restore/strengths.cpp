#include "restore/strengths.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "restore/restored_photo.h"

namespace restore {
namespace {

// Levels of 255: below the first a photograph counts as clean, from the second on as grainy.
constexpr double kCleanGrain = 1.1, kGrainy = 2.2;
// Findings::coarseness: below the first noise is a camera's, above the second grain of a film.
constexpr double kNoise = 0.8, kFilm = 1.2;
// Levels of 255: a camera's noise, up to the first, is no sign of age; from the second on all is.
constexpr double kCameraNoise = 5, kMuchNoise = 8;
// The darkest and lightest half percent: a photograph that reaches further has not faded.
constexpr double kBlack = 0.06, kFadedBlack = 0.14, kWhite = 0.92, kFadedWhite = 0.8;
// Findings::sure_share: below the first a photograph counts as intact, above the second as damaged.
// It takes more without a sign of age: what belongs there is sharp, and looks most like damage.
struct Shares {
  double intact, damaged;
};
constexpr Shares kOfOld{0.001, 0.005}, kOfNew{0.01, 0.03};
// Of the logit of damage.
constexpr double kShiftOfDamaged = 1;
// Where nothing counts as damaged, what is 91.5% likely is filled: an intact photograph keeps its
// masts and spectacles. Of one that is half way to damaged, or surely old, all is filled that may
// be damage.
constexpr double kCautiouslyFilledFrom = 2.4;
constexpr double kBoldness = 2;

/// 0 up to `none`, 1 from `all` on, linear between.
double share_between(double value, double none, double all) {
  return std::clamp((value - none) / (all - none), 0.0, 1.0);
}

double grainy(const Findings& found) { return share_between(found.grain, kCleanGrain, kGrainy); }

/// A little noise that is finer than a film's grain is no sign of age.
double aged_grain(const Findings& found) {
  return grainy(found) * std::max(share_between(found.coarseness, kNoise, kFilm),
                                  share_between(found.grain, kCameraNoise, kMuchNoise));
}

double faded(const Findings& found) {
  return std::max(share_between(found.black, kBlack, kFadedBlack),
                  share_between(found.white, kWhite, kFadedWhite));
}

/// Both together, and much of them: texture looks like grain, and a hazy day like fading.
double surely_old(const Findings& found) {
  return share_between(aged_grain(found) * faded(found), 0.5, 1);
}

/// Low contrast alone is no sign of age: haze has it, and in it necks, masts and wings look like
/// damage. With the tone of an old print it is.
double looks_old(const Findings& found) {
  return found.colour == Findings::Colour::toned ? std::max(aged_grain(found), faded(found))
                                                 : aged_grain(found);
}

bool has_white_noise(const Findings& found) {
  return grainy(found) > 0.5 && found.coarseness < (kNoise + kFilm) / 2;
}

/// The default rule, in which damage is looked for as if the photograph had not faded: what looks
/// knows prints that have faded a little.
model::DamageRule rule_without_fading(const Findings& found) {
  model::DamageRule rule;
  constexpr double kSpan = kWhite - kBlack, kMostGain = 6;
  const double span = found.white - found.black, middle = (found.white + found.black) / 2;
  if (span >= kSpan) return rule;
  rule.gain = kSpan / std::max(span, kSpan / kMostGain);
  rule.offset = std::clamp(middle, kSpan / 2, 1 - kSpan / 2) - rule.gain * middle;
  return rule;
}

double damaged(const Findings& found) {
  const double old = looks_old(found);
  return share_between(found.sure_share, std::lerp(kOfNew.intact, kOfOld.intact, old),
                       std::lerp(kOfNew.damaged, kOfOld.damaged, old));
}

}  // namespace

model::DamageRule damage_rule_for(const RestoreOptions& options, const Findings& found) {
  model::DamageRule rule = rule_without_fading(found);
  // With damage it may be an old one that faded: what learnt nothing but noise cannot help there.
  rule.white_noise =
      options.tasks.denoise && has_white_noise(found) && found.sure_share < kOfOld.intact;
  if (!options.tasks.inpaint || options.only_mask) {
    rule.filled_from = std::numeric_limits<double>::infinity();
    return rule;
  }
  rule.shift = kLogitPerSensitivity * options.sensitivity;
  if (options.strength) return rule;
  rule.shift += kShiftOfDamaged * damaged(found);
  rule.twice = damaged(found) > 0;
  const double bold = std::max(kBoldness * damaged(found), surely_old(found));
  rule.filled_from = std::lerp(kCautiouslyFilledFrom, rule.filled_from, std::min(1.0, bold));
  return rule;
}

Strengths strengths_for(const RestoreOptions& options, const Findings& found) {
  Strengths strengths;
  strengths.rule = damage_rule_for(options, found);
  if (options.strength) {
    strengths.grain = strengths.tone = strengths.inpaint = *options.strength;
  } else {
    strengths.grain = grainy(found);
    strengths.tone = std::max(faded(found), strengths.grain);
    strengths.caution = 1 - std::max(damaged(found), surely_old(found));
  }
  if (!options.tasks.denoise) strengths.grain = strengths.tone = 0;
  if (!options.tasks.inpaint) strengths.inpaint = 0;
  return strengths;
}

}  // namespace restore
