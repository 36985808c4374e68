#pragma once

#include <memory>

#include "model/network.h"
#include "model/residual_unet.h"

namespace model {

/// Find, then restore, then colour: plain UNets, each with its own size and its own loss. No
/// gradient runs from one to the other, and any may be missing.
///     find:      luma -> logit of the damage at each pixel
///     restore:   (guess, damage, what shines through) -> correction of the guess, where the guess
///                is the luma and, over the damage, an interpolation of what lies about it
///                (pull_push.h); through damage that is thin or doubtful the luma shines
///     denoise:   luma -> correction, where DamageRule::white_noise; over the damage it is what
///                `restore` says
///     colourise: luma -> chroma at a quarter of the resolution
/// The damage is what is known of it, and else what `find` thinks may be damaged, grown by a pixel.
/// Where it is 0, `restore` is a denoiser and nothing else. Without `find` nothing but what is
/// known is damaged; without `restore` and `denoise` the luma stays.
class Restorer : public Network, public torch::nn::Module {
 public:
  explicit Restorer(const NetworkConfig& config);
  Restoration forward(const at::Tensor& aged, const at::Tensor& known_damage = {},
                      const DamageRule& rule = {}) override;
  at::Tensor damage_logits(const at::Tensor& aged, const DamageRule& rule = {}) override;
  bool restores_luma() const override { return restore_ || denoise_; }
  int64_t multiple() const override;
  std::vector<device::NamedTensor> weights() const override;
  void move_to(at::Device device) override;
  void prepare_for_inference(const Preparation& preparation) override;

 private:
  template <class Do>
  void each_part(Do&& act) const;
  void mend(Restoration& said, const at::Tensor& aged, const at::Tensor& known_damage,
            const DamageRule& rule);

  // Null: this part is missing.
  std::shared_ptr<ResidualUNet> find_, restore_, denoise_, colourise_;
  bool is_prepared_ = false, says_chroma_ = true;
};

}  // namespace model
