#include "dataset/sampling/sample_view.h"

#include <cmath>
#include <string>
#include <utility>

#include "common/error.h"
#include "common/random.h"

namespace dataset {

ByteCurve byte_curve(double gamma) {
  ByteCurve curve{};
  for (size_t i = 0; i < curve.size(); ++i) {
    const float unit = static_cast<float>(i) / 255.0F;
    curve[i] = gamma == 1 ? unit : static_cast<float>(std::pow(unit, gamma));
  }
  return curve;
}

SampleView draw_view(int64_t patch, const SamplingConfig& config, uint64_t seed, int64_t sample) {
  common::KeyedRandom random(common::random_key("view", {seed, static_cast<uint64_t>(sample)}));
  SampleView view;
  view.side = config.crop;
  view.x = random.integer(patch - config.crop + 1);
  view.y = random.integer(patch - config.crop + 1);
  view.turn = config.flips ? static_cast<int>(random.integer(8)) : 0;
  // In the logarithm, so that brighter and darker are equally likely.
  view.gamma = std::pow(1 + config.gamma_jitter, random.uniform(-1, 1));
  return view;
}

void copy_view(const SampleView& view, const ByteCurve& curve, const uint8_t* planes,
               int64_t num_planes, int64_t patch, float* out) {
  // Where the output's first pixel lies in the patch, and the steps to the next column and row.
  int64_t start = view.y * patch + view.x;
  int64_t column = 1;
  int64_t row = patch;
  if ((view.turn & 1) != 0) {
    start += (view.side - 1) * column;
    column = -column;
  }
  if ((view.turn & 2) != 0) {
    start += (view.side - 1) * row;
    row = -row;
  }
  if ((view.turn & 4) != 0) std::swap(column, row);
  for (int64_t plane = 0; plane < num_planes; ++plane) {
    const uint8_t* const first = planes + plane * patch * patch + start;
    for (int64_t y = 0; y < view.side; ++y) {
      const uint8_t* from = first + y * row;
      for (int64_t x = 0; x < view.side; ++x, from += column) *out++ = curve[*from];
    }
  }
}

void SamplingConfig::validate() const {
  if (crop < 1) {
    throw common::config_error(
        "sampling.crop is " + std::to_string(crop) +
        "; a side of at least 1 pixel was expected, at most the store's patch");
  }
  if (!(gamma_jitter >= 0 && gamma_jitter <= 2)) {
    throw common::config_error("sampling.gamma_jitter is " + std::to_string(gamma_jitter) +
                               "; a number from 0 to 2 was expected");
  }
  if (reader_threads < 1 || reader_threads > 64) {
    throw common::config_error("sampling.reader_threads is " + std::to_string(reader_threads) +
                               "; 1 to 64 threads were expected");
  }
}

}  // namespace dataset
