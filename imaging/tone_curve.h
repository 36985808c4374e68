#pragma once

#include <string>
#include <vector>

#include "imaging/vips.h"

namespace imaging {

/// Between the grays of a picture's colour space and those of sRGB, which the networks know. The
/// picture itself stays in its colour space: what is added to it is measured along this curve, and
/// what is not changed keeps its very values.
class ToneCurve {
 public:
  /// Values as they are: for sRGB and where nothing is said.
  ToneCurve() = default;

  /// Of the colour profile in a picture of `colours` (1 or 3). Where it cannot be used: values as
  /// they are, and a note for people.
  ToneCurve(VipsImage* picture, int colours, std::vector<std::string>& notes);

  /// Both monotone; values from 0 to 1.
  float to_srgb(float value) const { return look_up(to_srgb_, value); }
  float from_srgb(float value) const { return look_up(from_srgb_, value); }
  /// The same of many, in place.
  void to_srgb(float* values, int64_t count) const;
  bool is_identity() const { return to_srgb_.empty(); }

 private:
  static float look_up(const std::vector<float>& table, float value);
  std::vector<float> to_srgb_, from_srgb_;  // at even steps from 0 to 1
};

}  // namespace imaging
