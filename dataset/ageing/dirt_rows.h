#pragma once

#include <vector>

#include "dataset/ageing/dirt.h"

namespace dataset::ageing {

/// Where the pixels along one side of the photo lie in a picture of dirt: between the pixels
/// `first` and `first + 1` of it, the second weighing `share`.
struct Axis {
  std::vector<int> first;
  std::vector<float> share;
};

/// The picture is enlarged `scale` times and goes on in its mirror image at either end; `start` is
/// where the photo begins in it, in its own pixels.
Axis mirrored_axis(int length, int source, double scale, double start);

/// A picture of dirt as it lies over the photo.
struct Placed {
  const Cover& cover;
  Axis columns;
  Axis rows;
  float opacity;
};

/// The rows of a picture of dirt at the photo's width, times the opacity: 0 to 1. A picture is
/// enlarged as a rule, so each of its rows serves several rows of the photo.
class WidenedRows {
 public:
  /// `placed` must outlive this.
  explicit WidenedRows(const Placed& placed);

  /// Makes `upper` and `lower` the rows `first` and `first + 1` of the picture.
  void move_to(int first);
  const float* upper() const { return upper_.data(); }
  const float* lower() const { return lower_.data(); }

 private:
  void widen(int row, std::vector<float>& out);

  const Placed& placed_;
  std::vector<uint32_t> pairs_;  ///< of a row of the picture
  std::vector<float> upper_, lower_;
  int first_ = -2;
};

}  // namespace dataset::ageing
