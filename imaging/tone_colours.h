#pragma once

#include <array>

#include "imaging/plane.h"

namespace imaging {

/// The one colour that each luma has in a toned photograph, such as sepia: the mean of Cb and Cr of
/// the pixels of about that luma.
class ToneColours {
 public:
  ToneColours() = default;

  /// All three of one size; luma from 0 to 1.
  ToneColours(const Plane& luma, const Plane& blue, const Plane& red);

  struct Chroma {
    float blue = 0, red = 0;
  };
  Chroma at(float luma) const;

  /// Root mean square of Cb and Cr, and of what is left of them without these colours.
  double chroma() const { return chroma_; }
  double unexplained() const { return unexplained_; }

 private:
  static constexpr size_t kBins = 24;
  void fill_empty_bins(const std::array<double, kBins>& counts);
  std::array<Chroma, kBins> bins_{};
  double chroma_ = 0, unexplained_ = 0;
};

}  // namespace imaging
