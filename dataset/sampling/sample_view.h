// Sampling: which sample comes when, and how it is turned into the floats of a batch.
// May include common/ and the rest of dataset/; knows neither workers nor LibTorch.
// Start with load_samples.h; sample_order.h is the shuffling.
#pragma once

#include <array>
#include <cstdint>

namespace dataset {

/// How training cuts and turns the patches of a store.
struct SamplingConfig {
  int64_t crop = 64;
  bool flips = true;
  double gamma_jitter = 0.3;
  int64_t reader_threads = 1;

  template <class F>
  void fields(F&& field) {
    field("crop", crop, "side in pixels of the random crop that a training sample is");
    field("flips", flips, "turn and mirror crops at random, 8 ways");
    field("gamma_jitter", gamma_jitter,
          "brighten or darken aged and clean alike by a random gamma between 1/(1+this) and "
          "1+this; 0: do not");
    field("reader_threads", reader_threads, "threads of a worker that read micro-batches ahead");
  }

  /// Throws Error(config).
  void validate() const;
};

/// A square of a patch, turned or mirrored: what augmentation draws for one global sample.
struct SampleView {
  int64_t x = 0;  ///< left edge in the patch
  int64_t y = 0;
  int64_t side = 0;
  /// One of the square's 8 symmetries: bit 0 mirrors x, bit 1 mirrors y, bit 2 swaps.
  int turn = 0;
  /// Aged and clean are raised to this power. If each photo were always equally bright, the network
  /// would learn the brightness by heart, and be wrong about photos that it has not seen.
  double gamma = 1;
};

/// What each byte of a plane becomes in a batch.
using ByteCurve = std::array<float, 256>;

/// (byte / 255) ^ gamma.
ByteCurve byte_curve(double gamma);

/// The whole patch, as it is.
inline SampleView whole_patch(int64_t patch) { return {0, 0, patch}; }

/// The view of global sample `sample`; a pure function of its arguments.
SampleView draw_view(int64_t patch, const SamplingConfig& config, uint64_t seed, int64_t sample);

/// Copies the view of each plane through `curve`. Planes: [planes,patch,patch] 8 bit; `out`:
/// [planes,side,side] in [0,1]. The same view of several pictures keeps them aligned.
void copy_view(const SampleView& view, const ByteCurve& curve, const uint8_t* planes,
               int64_t num_planes, int64_t patch, float* out);

}  // namespace dataset
