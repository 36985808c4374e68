#include "model/restorer.h"

#include <algorithm>

#include "device/torch.h"
#include "model/module_weights.h"
#include "model/pull_push.h"

namespace model {
namespace {

// Where `find` starts: damage on about 5% of the pixels.
constexpr float kFirstLogit = -3.0F;
// `colourise` looks at half of the resolution, in cells of 2x2 pixels of that: a quarter.
constexpr int64_t kColourScale = 2;
// By how much the logit of damage is multiplied: nearly a threshold, but not quite, so that the
// last digit of a logit decides nothing.
constexpr double kSharpness = 8;
// What is filled less is not filled: it changes nothing that can be seen.
constexpr float kFilledBarely = 0.01F;

/// What `restore` is told of the damage; float32, and passes no gradient on.
struct Damage {
  /// What is interpolated over: what is known, else what was found and the pixels about it, as one
  /// that is half damaged spoils the guess of its neighbours (measured: 2 to 4 dB in strokes and
  /// holes).
  at::Tensor filled;
  at::Tensor opacity;  ///< how likely it is that nothing of the photograph shows there
};

Damage damage_of(const Restoration& said, const at::Tensor& known, const at::Tensor& aged,
                 double filled_from) {
  Damage damage{at::zeros_like(aged), {}};
  damage.opacity = damage.filled;
  if (said.damage_logits.defined()) {
    const at::Tensor logits = said.damage_logits.detach().to(at::kFloat);
    damage.filled = at::max_pool2d(at::sigmoid(kSharpness * (logits - filled_from)),
                                   /*kernel_size=*/3, /*stride=*/1, /*padding=*/1);
    damage.opacity = at::sigmoid(logits);
  }
  if (known.defined()) {
    damage.filled = at::where(known < 0, damage.filled, known);
    damage.opacity = at::where(known < 0, damage.opacity, known);
  }
  return damage;
}

}  // namespace

Restorer::Restorer(const NetworkConfig& config) {
  const auto part = [&](const char* name, const std::vector<int64_t>& widths,
                        ResidualUNetForm form) -> std::shared_ptr<ResidualUNet> {
    if (widths.empty()) return nullptr;
    form.widths = widths;
    form.blocks = config.blocks;
    return register_module(name, std::make_shared<ResidualUNet>(form));
  };
  find_ = part("find", config.find, {.in = 1, .out = 1});
  restore_ = part("restore", config.restore, {.in = 3, .out = 1});
  denoise_ = part("denoise", config.denoise, {.in = 1, .out = 1});
  colourise_ = part("colourise", config.colourise, {.in = 1, .out = 2, .per_cell = true});
  if (!find_) return;
  const at::NoGradGuard no_grad;
  find_->head().bias().fill_(kFirstLogit);
}

template <class Do>
void Restorer::each_part(Do&& act) const {
  for (const auto& part : {find_, restore_, denoise_, colourise_}) {
    if (part) act(*part);
  }
}

int64_t Restorer::multiple() const {
  int64_t largest = colourise_ ? kColourScale * colourise_->multiple() : 1;
  each_part([&](const ResidualUNet& part) { largest = std::max(largest, part.multiple()); });
  return largest;
}

std::vector<device::NamedTensor> Restorer::weights() const { return named_weights(*this); }

void Restorer::move_to(at::Device device) {
  each_part([](ResidualUNet& part) { part.undo_preparation(); });
  is_prepared_ = false;
  to(device);
}

void Restorer::prepare_for_inference(const Preparation& preparation) {
  require_processor_for(preparation.precision);
  says_chroma_ = preparation.colour;
  is_prepared_ = device().is_cpu();
  const auto dtype = preparation.precision == Precision::bf16 ? at::kBFloat16 : at::kFloat;
  if (!is_prepared_) return;
  // What is found decides what is filled: a rounding there may exchange a whole pixel.
  each_part([&](ResidualUNet& part) {
    part.prepare_for_inference(&part == find_.get() ? at::kFloat : dtype);
  });
}

at::Tensor Restorer::damage_logits(const at::Tensor& aged, const DamageRule& rule) {
  require_fitting(aged, {}, multiple());
  if (is_prepared_) require_no_gradients();
  if (!find_) return {};
  const at::Tensor seen = rule.gain * aged + (rule.offset - kMidGray);
  at::Tensor logits = find_->forward(seen);
  if (rule.twice) {
    const at::Tensor on_its_side = find_->forward(at::rot90(seen, 1, {2, 3}).contiguous());
    logits = (logits + at::rot90(on_its_side, -1, {2, 3})) / 2;
  }
  return rule.shift == 0 ? logits : logits + rule.shift;
}

void Restorer::mend(Restoration& said, const at::Tensor& aged, const at::Tensor& known_damage,
                    const DamageRule& rule) {
  const bool denoises = denoise_ && (rule.white_noise || !restore_);
  if (denoises) said.luma = aged + denoise_->forward(aged - kMidGray);
  if (!restore_) return;
  const Damage damage = damage_of(said, known_damage, aged, rule.filled_from);
  said.filled = damage.filled;
  if (denoises && damage.filled.max().item<float>() < kFilledBarely) return;
  const at::Tensor intact = 1 - damage.filled;
  const at::Tensor guess = is_prepared_ ? quick_pull_push(aged, intact) : pull_push(aged, intact);
  const at::Tensor shining_through = (aged - guess) * (1 - damage.opacity);
  const at::Tensor restored =
      guess + restore_->forward(at::cat({guess - kMidGray, damage.filled, shining_through}, 1));
  said.luma = denoises ? at::lerp(said.luma, restored, damage.filled) : restored;
}

Restoration Restorer::forward(const at::Tensor& aged, const at::Tensor& known_damage,
                              const DamageRule& rule) {
  require_fitting(aged, known_damage, multiple());
  Restoration said{.luma = aged};
  said.damage_logits = damage_logits(aged, rule);
  if (restores_luma()) mend(said, aged, known_damage, rule);
  if (colourise_ && says_chroma_) {
    const at::Tensor luma = said.luma.detach().clamp(0, 1) - kMidGray;
    said.chroma = colourise_->forward(at::avg_pool2d(luma, kColourScale));
  }
  return said;
}

}  // namespace model
