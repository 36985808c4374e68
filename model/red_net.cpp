#include "model/red_net.h"

#include <numbers>
#include <sstream>

#include "common/error.h"
#include "device/torch.h"
#include "model/module_weights.h"

namespace model {
namespace {

constexpr int64_t kSkipEvery = 2;
constexpr int64_t kDepthWithoutSkips = 5;  // RED10

// Where a skip is added the gain is 1, not the ReLU's sqrt(2): the sum's variance then grows by
// that of one skip instead of doubling with each. The last layer starts near zero: at first the
// network returns what it was given, as the restorer does.
constexpr double kGain = std::numbers::sqrt2, kGainBesideSkip = 1, kLastGain = 0.01;

void require_luma(const at::Tensor& aged) {
  if (aged.dim() == 4 && aged.size(1) == 1 && aged.size(2) > 0 && aged.size(3) > 0) return;
  std::ostringstream message;
  message << "the network takes [N,1,H,W], got " << aged.sizes();
  throw common::internal_error(message.str());
}

}  // namespace

RedNet::RedNet(const NetworkConfig& config) : depth_(config.blocks) {
  const int64_t width = config.widths.front();
  conv_ = register_module("conv", std::make_shared<ModuleRow<Convolution>>());
  deconv_ = register_module("deconv", std::make_shared<ModuleRow<Convolution>>());
  for (int64_t number = 1; number <= depth_; ++number) {
    const bool last = number == depth_, beside_skip = is_passed_on(depth_ - number);
    conv_->add(ConvolutionForm{.in = number == 1 ? 1 : width, .out = width}, kGain);
    deconv_->add(ConvolutionForm{.in = width, .out = last ? 1 : width, .transposed = true},
                 last ? kLastGain : (beside_skip ? kGainBesideSkip : kGain));
  }
}

bool RedNet::is_passed_on(int64_t number) const {
  return depth_ > kDepthWithoutSkips && number > 0 && number < depth_ && number % kSkipEvery == 0;
}

std::vector<device::NamedTensor> RedNet::weights() const { return named_weights(*this); }

Restoration RedNet::forward(const at::Tensor& aged, const at::Tensor& /*known_damage*/,
                            const DamageRule& /*rule*/) {
  require_luma(aged);
  at::Tensor x = aged;
  std::vector<at::Tensor> skips;
  for (int64_t number = 1; number <= depth_; ++number) {
    x = (*conv_)[static_cast<size_t>(number - 1)].forward(x);
    if (number == 1) x = x.contiguous(at::MemoryFormat::ChannelsLast);
    at::relu_(x);  // in place: no backward needs the values before it
    if (is_passed_on(number)) skips.push_back(x);
  }
  for (int64_t number = 1; number < depth_; ++number) {
    x = (*deconv_)[static_cast<size_t>(number - 1)].forward(x);
    if (is_passed_on(depth_ - number)) {
      x.add_(skips.back());
      skips.pop_back();
    }
    at::relu_(x);
  }
  const at::Tensor residual = (*deconv_)[static_cast<size_t>(depth_ - 1)].forward(x);
  return {aged + residual, {}, {}};
}

}  // namespace model
