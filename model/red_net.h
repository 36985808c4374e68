#pragma once

#include "model/module_row.h"
#include "model/network.h"

namespace model {

/// RED-Net, a denoiser: n convolutions, then n deconvolutions, all 3x3 of stride 1 with a bias,
/// nothing pooled, ReLU after each but the last; their sum with the input is the luma, so that what
/// is learnt is the residual. RED10, RED20 and RED30 are n = 5, 10 and 15 with 64 feature maps:
/// NetworkConfig {"red", {64}, n}.
///
/// Skips: the features of convolution i are added to those of deconvolution n - i, its mirror,
/// before the ReLU, for every second i:
///     RED10: none within, only the input to the end
///     RED20: 2 to 8, 4 to 6, 6 to 4, 8 to 2, and the input to the end
///     RED30: 2 to 13, 4 to 11, 6 to 9, 8 to 7, 10 to 5, 12 to 3, 14 to 1, and the input to the end
/// It does not look for damage.
/// Source: Mao, Shen and Yang, 2016, arXiv 1603.09056, sections "Architecture" and "Skip
/// connections"; that RED10 is without skips, in their longer arXiv 1606.08921.
class RedNet : public Network, public torch::nn::Module {
 public:
  /// `config` has one width (the feature maps) and n as its blocks.
  explicit RedNet(const NetworkConfig& config);
  Restoration forward(const at::Tensor& aged, const at::Tensor& known_damage = {},
                      const DamageRule& rule = {}) override;
  int64_t multiple() const override { return 1; }
  std::vector<device::NamedTensor> weights() const override;
  void move_to(at::Device device) override { to(device); }

 private:
  /// Are the features of convolution `number` (from 1) passed on to its mirror?
  bool is_passed_on(int64_t number) const;

  int64_t depth_;  // n
  std::shared_ptr<ModuleRow<Convolution>> conv_, deconv_;
};

}  // namespace model
