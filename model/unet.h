#pragma once

#include "model/layers.h"
#include "model/network.h"

namespace model {

class PreparedUNet;

/// A residual UNet with two decoders that denoises what is known, fills what is damaged, and
/// colours. The first decoder gives a residual and the damage's logit at each pixel. The second, of
/// half the depth, fills: at each level it takes the features of the first, weakened by the damaged
/// share of the cell and told where the damage is (the effect of partial convolutions without a
/// hard mask's errors; Liu et al., 2018, arXiv 1804.07723) and a first guess of what is below it,
/// an interpolation of the denoised picture about it (pull_push.h), to which it gives the
/// correction: the features of the first saw the damage, the guess did not. Dilated convolutions in
/// the middle see over large holes, once to find them and once to fill them. The luma is gated by
/// the probability m of damage, or what is known of it:
///     luma = in + (1 - m) * residual + m * (fill - in),  fill = guess + correction
/// which is the posterior mean if each branch is right; so the loss of luma does not train m.
///
/// The first level works at half of the resolution, on squares of 2x2 pixels (Zhang et al., 2018,
/// arXiv 1710.04026): a quarter of the pixels, and a CPU is busy with products instead of memory.
/// Skips are added, not concatenated: half the work of the decoders at the largest level.
/// Source: Ronneberger et al., 2015, arXiv 1505.04597; Zhang et al., 2021, arXiv 2008.13751
/// (residual blocks, added skips, strided and transposed 2x2 convolutions).
class UNet : public Network, public torch::nn::Module {
 public:
  explicit UNet(const NetworkConfig& config);
  ~UNet() override;
  Restoration forward(const at::Tensor& aged, const at::Tensor& known_damage = {},
                      double damage_shift = 0) override;
  at::Tensor damage_logits(const at::Tensor& aged) override;
  int64_t multiple() const override;
  std::vector<device::NamedTensor> weights() const override;
  void move_to(at::Device device) override;
  void prepare_for_inference(const Preparation& preparation) override;

 private:
  /// Blocks for each level but the deepest, and the steps up between levels.
  struct Decoder {
    std::shared_ptr<ModuleRow<Convolution>> up;
    std::shared_ptr<ModuleRow<ResidualBlocks>> levels;
  };
  /// What the second decoder says.
  struct Filled {
    at::Tensor fill, chroma;
  };

  Decoder make_decoder(const std::string& prefix, const std::vector<int64_t>& widths,
                       int64_t blocks);
  /// Of the first decoder and, last, the middle: one a level.
  std::vector<at::Tensor> features_of(const at::Tensor& aged) const;
  Filled fill(const std::vector<at::Tensor>& features, const at::Tensor& denoised,
              const at::Tensor& damage) const;

  size_t num_levels_;
  std::shared_ptr<Convolution> stem_, head_, fill_head_, chroma_head_;
  std::shared_ptr<ModuleRow<ResidualBlocks>> encoder_;  // one a level
  std::shared_ptr<ModuleRow<Convolution>> down_;        // between level i and i + 1
  std::shared_ptr<ModuleRow<Convolution>> guess_;       // what a level is told: damage and guess
  std::shared_ptr<WindowContext> context_;
  std::shared_ptr<ResidualBlocks> reach_, chroma_;
  Decoder decoder_, fill_decoder_;
  std::unique_ptr<const PreparedUNet> prepared_;  // null: not asked for, or not on a CPU
};

}  // namespace model
