#include "model/colour_net.h"

#include <array>
#include <numbers>
#include <sstream>

#include "common/error.h"
#include "device/torch.h"
#include "model/ab_bins.h"
#include "model/colour.h"
#include "model/module_weights.h"
#include "model/quarter_colour.h"

namespace model {
namespace {

// Lightness as its authors feed it: about -0.5 to 0.5.
constexpr double kLightnessCentre = 50, kLightnessScale = 100;
constexpr double kHeadGain = 0.01;

struct TableRow {
  int64_t channels, num_convolutions;
  Resize resize;
  int64_t dilation;
};
// Channels are multiples of the first block's.
constexpr std::array<TableRow, 8> kTable{{{64, 2, Resize::half, 1},
                                          {128, 2, Resize::half, 1},
                                          {256, 3, Resize::half, 1},
                                          {512, 3, Resize::none, 1},
                                          {512, 3, Resize::none, 2},
                                          {512, 3, Resize::none, 2},
                                          {256, 3, Resize::none, 1},
                                          {128, 3, Resize::twice, 1}}};

/// Convolution `i` of a block.
ConvolutionForm convolution_form(const ColourBlockForm& block, int64_t i) {
  const bool first = i == 0, last = i + 1 == block.num_convolutions;
  const int64_t in = first ? block.in : block.out;
  if (first && block.resize == Resize::twice) {
    return {.in = in, .out = block.out, .kernel = 4, .stride = 2, .transposed = true};
  }
  const bool halves = last && block.resize == Resize::half;
  return {.in = in, .out = block.out, .stride = halves ? 2 : 1, .dilation = block.dilation};
}

}  // namespace

ChannelNorm::ChannelNorm(int64_t channels) {
  weight_ = register_parameter("weight", at::ones({channels}));
  bias_ = register_parameter("bias", at::zeros({channels}));
}

at::Tensor ChannelNorm::forward(const at::Tensor& x) const {
  const at::Tensor channels_last = x.permute({0, 2, 3, 1});
  return at::layer_norm(channels_last, weight_.sizes(), weight_, bias_).permute({0, 3, 1, 2});
}

ColourBlock::ColourBlock(const ColourBlockForm& form) {
  conv_ = register_module("conv", std::make_shared<ModuleRow<Convolution>>());
  for (int64_t i = 0; i < form.num_convolutions; ++i) {
    conv_->add(convolution_form(form, i), std::numbers::sqrt2);
  }
  if (form.normalised) norm_ = register_module("norm", std::make_shared<ChannelNorm>(form.out));
}

at::Tensor ColourBlock::forward(at::Tensor x) const {
  for (const auto& convolution : *conv_) {
    x = convolution->forward(x);
    at::relu_(x);  // in place: no backward needs the values before it
  }
  return norm_ ? norm_->forward(x) : x;
}

ColourNet::ColourNet(const NetworkConfig& config) {
  bins_ = register_buffer("bins", in_gamut_ab_bins());
  blocks_ = register_module("blocks", std::make_shared<ModuleRow<ColourBlock>>());
  int64_t in = 1;
  for (const TableRow& row : kTable) {
    const int64_t out = row.channels / kPaperWidth * config.widths.front();
    const bool normalised = &row != &kTable.back();
    blocks_->add(
        ColourBlockForm{in, out, row.num_convolutions, row.resize, row.dilation, normalised});
    in = out;
  }
  head_ = register_module(
      "head", std::make_shared<Convolution>(
                  ConvolutionForm{.in = in, .out = kNumAbBins, .kernel = 1}, kHeadGain));
}

std::vector<device::NamedTensor> ColourNet::weights() const { return named_weights(*this); }

at::Tensor ColourNet::logits_of(const at::Tensor& lightness) const {
  at::Tensor x = (lightness - kLightnessCentre) / kLightnessScale;
  for (const auto& block : *blocks_) x = block->forward(x);
  return head_->forward(x);
}

Restoration ColourNet::forward(const at::Tensor& aged, const at::Tensor& /*known_damage*/,
                               const DamageRule& /*rule*/) {
  require_fitting(aged, {}, multiple());
  const at::Tensor logits = logits_of(lightness_of(aged));
  const at::Tensor ab = annealed_mean(logits.detach(), bins_);
  return {aged, {}, chroma_of_ab(ab, aged), logits};
}

}  // namespace model
