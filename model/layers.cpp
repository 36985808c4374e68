#include "model/layers.h"

#include <numbers>

#include "device/torch.h"

namespace model {
namespace {

// A residual branch starts small, so that a deep network starts close to the identity (Zhang et
// al., 2019, arXiv 1901.09321).
constexpr double kBranchGain = 0.2;

// Keeps the derivative of the square root finite where a channel is constant over the window.
constexpr double kVarianceFloor = 1e-5;

/// The mean over the part of the window that lies inside, a direction after the other.
at::Tensor window_mean(const at::Tensor& x) {
  constexpr int64_t kSize = WindowContext::kWindow, kHalf = kSize / 2;
  const auto mean_along = [](const at::Tensor& y, at::IntArrayRef window, at::IntArrayRef padding) {
    return at::avg_pool2d(y, window, /*stride=*/1, padding, /*ceil_mode=*/false,
                          /*count_include_pad=*/false);
  };
  return mean_along(mean_along(x, {kSize, 1}, {kHalf, 0}), {1, kSize}, {0, kHalf});
}

}  // namespace

ResidualBlock::ResidualBlock(int64_t width, int64_t dilation) {
  ConvolutionForm form{.in = width, .out = width, .dilation = dilation};
  // conv1 has a bias: telling dust from a highlight takes a threshold, which a network without any
  // bias cannot set.
  conv1_ = register_module("conv1", std::make_shared<Convolution>(form, std::numbers::sqrt2));
  form.bias = false;
  conv2_ = register_module("conv2", std::make_shared<Convolution>(form, kBranchGain));
}

at::Tensor ResidualBlock::forward(const at::Tensor& x) const {
  return conv2_->plus(conv1_->rectified(x), x);
}

ResidualBlocks::ResidualBlocks(int64_t width, const std::vector<int64_t>& dilations) {
  for (const int64_t dilation : dilations) add(width, dilation);
}

at::Tensor ResidualBlocks::forward(at::Tensor x) const {
  for (const auto& block : *this) x = block->forward(x);
  return x;
}

WindowContext::WindowContext(int64_t width) : width_(width) {
  const auto pointwise = [](int64_t in, int64_t out) {
    return ConvolutionForm{.in = in, .out = out, .kernel = 1};
  };
  hidden_ = register_module(
      "hidden", std::make_shared<Convolution>(pointwise(2 * width, width), std::numbers::sqrt2));
  out_ = register_module("out", std::make_shared<Convolution>(pointwise(width, 2 * width), 0.0));
}

at::Tensor WindowContext::forward(const at::Tensor& x) const {
  const at::Tensor values = x.to(at::kFloat);  // a variance as a difference needs its digits
  const at::Tensor mean = window_mean(values);
  const at::Tensor variance = at::relu(window_mean(values.square()) - mean.square());
  const at::Tensor seen = at::cat({mean, (variance + kVarianceFloor).sqrt()}, 1);
  const at::Tensor out = out_->forward(at::relu(hidden_->forward(seen))).to(x.scalar_type());
  return x * (1 + out.narrow(1, 0, width_)) + out.narrow(1, width_, width_);
}

}  // namespace model
