#include <algorithm>

#include "restore/photo_restorer.h"

namespace restore {
namespace {

// Levels of 255: below the first a photograph counts as clean, from the second on as grainy.
constexpr double kCleanGrain = 1.4, kGrainy = 2.8;
// The darkest and lightest half percent: a photograph that reaches further has not faded.
constexpr double kBlack = 0.06, kFadedBlack = 0.14, kWhite = 0.92, kFadedWhite = 0.8;

// Share of damaged pixels: in clean photographs the network takes fewer for damaged, in old ones
// more.
constexpr double kCleanShare = 0.0005, kDamagedShare = 0.0015;

double ramp(double value, double none, double all) {
  return std::clamp((value - none) / (all - none), 0.0, 1.0);
}

}  // namespace

Strengths strengths_for(const RestoreOptions& treatment, const Findings& found) {
  Strengths strengths;
  if (treatment.strength) {
    strengths.grain = strengths.tone = strengths.fill = *treatment.strength;
  } else {
    const double damaged = ramp(found.damaged_share, kCleanShare, kDamagedShare);
    const double faded =
        std::max(ramp(found.black, kBlack, kFadedBlack), ramp(found.white, kWhite, kFadedWhite));
    // What removes grain also mends what is damaged a little.
    strengths.grain = std::max(ramp(found.grain, kCleanGrain, kGrainy), damaged);
    strengths.tone = std::max(faded, strengths.grain);
    strengths.doubt = 1 - damaged;
  }
  if (!treatment.tasks.denoise) strengths.grain = strengths.tone = 0;
  if (!treatment.tasks.fill) strengths.fill = 0;
  return strengths;
}

}  // namespace restore
