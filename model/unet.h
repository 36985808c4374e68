#pragma once

#include "model/layers.h"
#include "model/network.h"

namespace model {

/// A residual UNet that denoises what is known and fills what is damaged:
///     luma = in + (1 - m) * residual + m * (fill - in),   m = sigmoid(damage logit)
/// A global context in the middle sees how far the whole picture has faded.
/// Skips are added, not concatenated: half the work of the decoder at the full resolution.
/// Source: Ronneberger et al., 2015, arXiv 1505.04597; Zhang et al., 2021, arXiv 2008.13751
/// (residual blocks, added skips, strided and transposed 2x2 convolutions).
class UNet : public Network, public torch::nn::Module {
 public:
  explicit UNet(const NetworkConfig& config);
  Restoration forward(const at::Tensor& aged) override;
  int64_t multiple() const override;
  std::vector<Weight> weights() const override;
  void move_to(at::Device device) override { to(device); }

 private:
  void require_fitting(const at::Tensor& aged) const;

  size_t num_levels_;
  std::shared_ptr<Convolution> stem_, head_;
  std::shared_ptr<ModuleRow<ResidualBlocks>> encoder_;  // one a level
  std::shared_ptr<ModuleRow<ResidualBlocks>> decoder_;  // one a level but the deepest
  std::shared_ptr<ModuleRow<Convolution>> down_, up_;   // between level i and i + 1
  std::shared_ptr<GlobalContext> context_;
};

}  // namespace model
