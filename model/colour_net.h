#pragma once

#include "model/layers.h"
#include "model/network.h"

namespace model {

struct ColourNetConfig {
  double width = 1.0;

  template <class F>
  void fields(F&& field) {
    field("width", width, "multiplies the paper's channels; 1: 64 to 512");
  }

  /// Throws Error(config).
  void validate() const;
};

/// Subtracts each pixel's mean over its channels and divides by its deviation, then scales and
/// shifts each channel (layer normalisation; Ba et al., 2016, arXiv 1607.06450, over channels as
/// Liu et al., 2022, arXiv 2201.03545). It stands where the paper has BatchNorm: the sum of
/// gradients over workers is to be that of one worker, bit by bit, and a pixel must not depend on
/// the crop or tile around it, which rules out statistics over a batch and over a picture.
class ChannelNorm : public torch::nn::Module {
 public:
  explicit ChannelNorm(int64_t channels);
  at::Tensor forward(const at::Tensor& x) const;

 private:
  at::Tensor weight_, bias_;
};

/// What a block does to height and width.
enum class Resize { none, half, twice };

/// What a block of the paper's table is made of.
struct ColourBlockForm {
  int64_t in, out;
  int64_t num_convolutions;
  Resize resize;  ///< half: the last convolution has stride 2; twice: the first is 4x4, transposed
  int64_t dilation;
  bool normalised;
};

/// 3x3 convolutions, a ReLU after each, then a ChannelNorm where the paper normalises.
class ColourBlock : public torch::nn::Module {
 public:
  explicit ColourBlock(const ColourBlockForm& form);
  at::Tensor forward(at::Tensor x) const;

 private:
  std::shared_ptr<ModuleRow<Convolution>> conv_;
  std::shared_ptr<ChannelNorm> norm_;  // null in the last block
};

/// Lightness to a distribution over the 313 colour bins, at a quarter of the size: eight blocks
/// with 64, 128, 256, 512, 512, 512, 256 and 128 channels (the paper's table; the weights that its
/// authors published later have 512 and 256 in the last two), three halvings, dilation 2 in blocks
/// 5 and 6, one doubling, and a 1x1 convolution. At first all bins are about equally likely.
/// Source: Zhang, Isola and Efros, 2016, arXiv 1603.08511, section 2 and the table of layers in the
/// appendix.
class ColourNet : public torch::nn::Module {
 public:
  static constexpr int64_t kMultiple = 8;  ///< height and width of an input must be multiples of it

  explicit ColourNet(const ColourNetConfig& config);

  /// Shapes: lightness [N,1,H,W] float32, L of CIELAB, 0 to 100; returns logits [N,313,H/4,W/4].
  /// Throws Error(config) for another shape, or if H or W is not a multiple of kMultiple.
  at::Tensor forward(const at::Tensor& lightness) const;

 private:
  std::shared_ptr<ModuleRow<ColourBlock>> blocks_;
  std::shared_ptr<Convolution> head_;
};

/// A fresh network on the CPU; its bits depend on configuration and seed alone, as make_network's.
std::shared_ptr<ColourNet> make_colour_net(const ColourNetConfig& config, uint64_t seed);

}  // namespace model
