#pragma once

#include "model/module_row.h"
#include "model/network.h"

namespace model {

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
///
/// The input is taken for the luma of a photograph in need of colours alone: its lightness as a
/// gray is classified, the annealed mean of the classes becomes the chroma, and it is passed on as
/// it is. The chroma carries no gradient: what is taught are the logits.
/// Source: Zhang, Isola and Efros, 2016, arXiv 1603.08511, section 2 and the table of layers in the
/// appendix.
class ColourNet : public Network, public torch::nn::Module {
 public:
  static constexpr int64_t kPaperWidth = 64;  ///< channels of the first block

  /// `config` has one width, the channels of the first block; those of the others scale with it.
  explicit ColourNet(const NetworkConfig& config);
  Restoration forward(const at::Tensor& aged, const at::Tensor& known_damage = {},
                      const DamageRule& rule = {}) override;
  bool restores_luma() const override { return false; }
  int64_t multiple() const override { return 8; }
  std::vector<device::NamedTensor> weights() const override;
  void move_to(at::Device device) override { to(device); }

 private:
  /// Shapes: lightness [N,1,H,W], L of CIELAB; returns [N,313,H/4,W/4].
  at::Tensor logits_of(const at::Tensor& lightness) const;

  at::Tensor bins_;  // a buffer, which moves with the weights
  std::shared_ptr<ModuleRow<ColourBlock>> blocks_;
  std::shared_ptr<Convolution> head_;
};

}  // namespace model
