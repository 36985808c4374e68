#include "model/prepared_unet.h"

#include <algorithm>

#include "device/torch.h"
#include "model/pull_push.h"

namespace model {
namespace {

using Parts = torch::OrderedDict<std::string, std::shared_ptr<torch::nn::Module>>;

const Convolution& convolution(const Parts& parts, const std::string& name) {
  return dynamic_cast<const Convolution&>(*parts[name]);
}

/// A convolution that takes a picture as two numbers a pixel, of which it is the sum.
FusedConvolution of_two_halves(const Convolution& layer, at::ScalarType dtype) {
  ConvolutionForm form = layer.form();
  form.in *= 2;
  return {form, at::cat({layer.weight(), layer.weight()}, 1), layer.bias(), dtype};
}

at::Tensor channels_last(const at::Tensor& x) {
  return x.contiguous(at::MemoryFormat::ChannelsLast);
}

}  // namespace

PreparedUNet::PreparedUNet(const torch::nn::Module& unet, const Preparation& preparation)
    : dtype_(preparation.precision == Precision::bf16 ? at::kBFloat16 : at::kFloat),
      says_chroma_(preparation.colour) {
  const Parts parts = unet.named_modules();
  const auto fused = [&](const std::string& name) -> std::optional<FusedConvolution> {
    if (!parts.contains(name)) return std::nullopt;
    return FusedConvolution(convolution(parts, name), dtype_);
  };
  const auto blocks = [&](const std::string& row) {
    Blocks all;
    for (int64_t i = 0;; ++i) {
      const std::string name = row + "." + std::to_string(i);
      if (!parts.contains(name)) return all;
      all.push_back({*fused(name + ".conv1"), *fused(name + ".conv2")});
    }
  };
  for (size_t i = 0; parts.contains("encoder." + std::to_string(i)); ++i) {
    const std::string number = "." + std::to_string(i);
    levels_.push_back({blocks("encoder" + number), blocks("decoder" + number),
                       blocks("fill_decoder" + number), fused("guess" + number),
                       fused("down" + number), fused("up" + number), fused("fill_up" + number)});
  }
  const bool splits = dtype_ != at::kFloat;
  stem_ = splits ? of_two_halves(convolution(parts, "stem"), dtype_) : fused("stem");
  head_ = fused("head");
  fill_head_ = fused("fill_head");
  chroma_head_ = fused("chroma_head");
  context_ = std::dynamic_pointer_cast<WindowContext>(parts["context"]);
  reach_ = blocks("reach");
  chroma_ = blocks("chroma");
}

void PreparedUNet::apply(const Blocks& blocks, at::Tensor& x) {
  for (const Block& block : blocks) block.conv2.add_to(x, block.conv1.rectified(x));
}

/// The cells of a picture, as the stem takes them.
at::Tensor PreparedUNet::packed(const at::Tensor& picture) const {
  const at::Tensor cells = at::pixel_unshuffle(picture, kCell);
  if (dtype_ == at::kFloat) return channels_last(cells);
  const at::Tensor rounded = cells.to(dtype_);
  return channels_last(at::cat({rounded, (cells - rounded).to(dtype_)}, 1));
}

std::vector<at::Tensor> PreparedUNet::features_of(const at::Tensor& aged) const {
  std::vector<at::Tensor> features;
  at::Tensor x = stem_->forward(packed(aged));
  for (const Level& level : levels_) {
    apply(level.encoder, x);
    features.push_back(x);
    if (level.down) x = level.down->forward(x);
  }
  features.back() = context_->forward(features.back());
  for (size_t i = levels_.size() - 1; i-- > 0;) {
    features[i].add_(levels_[i].up->forward(features[i + 1]));
    apply(levels_[i].decoder, features[i]);
  }
  return features;
}

/// The features less where the picture is damaged, and told of the guess.
void PreparedUNet::weaken(std::vector<at::Tensor>& features, const at::Tensor& guess,
                          const at::Tensor& damage) const {
  at::Tensor known = at::cat({damage, guess - kMidGray}, 1);
  for (size_t i = 0; i < levels_.size(); ++i) {
    const at::Tensor told = i == 0 ? at::pixel_unshuffle(known, kCell) : halved(known);
    known = halved(known);
    features[i].mul_((1 - known.narrow(1, 0, 1)).to(dtype_));
    levels_[i].guess->add_to(features[i], channels_last(told.to(dtype_)));
  }
}

at::Tensor PreparedUNet::chroma_of(const at::Tensor& x) const {
  at::Tensor features = x.clone();  // the decoder goes on with x
  apply(chroma_, features);
  return chroma_head_->forward(features).to(at::kFloat);
}

PreparedUNet::Filled PreparedUNet::fill(std::vector<at::Tensor> features,
                                        const at::Tensor& denoised,
                                        const at::Tensor& damage) const {
  const at::Tensor guess = quick_pull_push(denoised, 1 - damage);
  weaken(features, guess, damage);
  const size_t chroma_level = std::min(kChromaLevel, levels_.size() - 1);
  Filled filled;
  apply(reach_, features.back());
  for (size_t i = levels_.size(); i-- > 0;) {
    at::Tensor& x = features[i];
    if (i + 1 < levels_.size()) {
      x.add_(levels_[i].fill_up->forward(features[i + 1]));
      features.pop_back();
      apply(levels_[i].fill_decoder, x);
    }
    if (i == chroma_level && says_chroma_) filled.chroma = chroma_of(x);
  }
  const at::Tensor correction = fill_head_->forward(features.front()).to(at::kFloat);
  filled.fill = at::pixel_shuffle(correction, kCell).add_(guess);
  return filled;
}

at::Tensor PreparedUNet::said_of(const std::vector<at::Tensor>& features) const {
  return at::pixel_shuffle(head_->forward(features.front()).to(at::kFloat), kCell);
}

at::Tensor PreparedUNet::damage_logits(const at::Tensor& aged) const {
  return said_of(features_of(aged)).narrow(1, 1, 1);
}

Restoration PreparedUNet::forward(const at::Tensor& aged, const at::Tensor& known_damage,
                                  double damage_shift) const {
  std::vector<at::Tensor> features = features_of(aged);
  const at::Tensor said = said_of(features);
  Restoration restoration{.damage_logits = shifted(said.narrow(1, 1, 1), damage_shift)};
  const at::Tensor gate = gate_of(restoration.damage_logits, known_damage);
  restoration.denoised = aged + said.narrow(1, 0, 1);
  Filled filled = fill(std::move(features), restoration.denoised, gate);
  restoration.luma = at::lerp(restoration.denoised, filled.fill, gate);
  restoration.chroma = std::move(filled.chroma);
  restoration.filled = std::move(filled.fill);
  return restoration;
}

}  // namespace model
