#include "model/layers.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/conv_transpose2d.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/mean.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/var.h>
#include <ATen/ops/zeros.h>

#include <cmath>
#include <numbers>

#include "common/normal.h"

namespace model {
namespace {

// A residual branch starts small, so that a deep network starts close to the identity (Zhang et
// al., 2019, arXiv 1901.09321).
constexpr double kBranchGain = 0.2;

// Keeps the derivative of the square root finite where a channel is constant over the picture.
constexpr double kVarianceFloor = 1e-5;

struct ConvolutionShape {
  std::vector<int64_t> weight;
  int64_t fan_in;  // how many inputs an output pixel sees
};

ConvolutionShape convolution_shape(int64_t in, int64_t out, Resize resize) {
  switch (resize) {
    case Resize::none: return {{out, in, 3, 3}, in * 9};
    case Resize::half: return {{out, in, 2, 2}, in * 4};
    case Resize::twice: return {{in, out, 2, 2}, in};
  }
  std::abort();
}

}  // namespace

WeightedLayer::WeightedLayer(at::IntArrayRef weight_shape, int64_t num_biases, double weight_std)
    : weight_std_(weight_std) {
  weight_ = register_parameter("weight", at::zeros(weight_shape));
  if (num_biases > 0) bias_ = register_parameter("bias", at::zeros({num_biases}));
}

void WeightedLayer::draw_weights(uint64_t key) {
  auto* weights = weight_.mutable_data_ptr<float>();
  const auto count = static_cast<size_t>(weight_.numel());
  common::fill_normal(key, weights, count);
  for (size_t i = 0; i < count; ++i) weights[i] *= static_cast<float>(weight_std_);
}

Convolution::Convolution(int64_t in, int64_t out, Resize resize, bool bias, double gain)
    : WeightedLayer(
          convolution_shape(in, out, resize).weight, bias ? out : 0,
          gain / std::sqrt(static_cast<double>(convolution_shape(in, out, resize).fan_in))),
      resize_(resize) {}

at::Tensor Convolution::forward(const at::Tensor& x) const {
  switch (resize_) {
    case Resize::none: return at::conv2d(x, weight_, bias_, /*stride=*/1, /*padding=*/1);
    case Resize::half: return at::conv2d(x, weight_, bias_, /*stride=*/2);
    case Resize::twice: return at::conv_transpose2d(x, weight_, bias_, /*stride=*/2);
  }
  std::abort();
}

Linear::Linear(int64_t in, int64_t out, double gain)
    : WeightedLayer({out, in}, out, gain / std::sqrt(static_cast<double>(in))) {}

at::Tensor Linear::forward(const at::Tensor& x) const { return at::linear(x, weight_, bias_); }

ResidualBlock::ResidualBlock(int64_t width) {
  // conv1 has a bias: telling dust from a highlight takes a threshold, which a network without any
  // bias cannot set.
  conv1_ = register_module("conv1", std::make_shared<Convolution>(width, width, Resize::none, true,
                                                                  std::numbers::sqrt2));
  conv2_ = register_module(
      "conv2", std::make_shared<Convolution>(width, width, Resize::none, false, kBranchGain));
}

at::Tensor ResidualBlock::forward(const at::Tensor& x) const {
  at::Tensor branch = conv1_->forward(x);
  at::relu_(branch);  // in place: no backward needs the values before it
  return conv2_->forward(branch).add_(x);
}

ResidualBlocks::ResidualBlocks(int64_t width, int64_t count) {
  for (int64_t i = 0; i < count; ++i) add(width);
}

at::Tensor ResidualBlocks::forward(at::Tensor x) const {
  for (const auto& block : *this) x = block->forward(x);
  return x;
}

GlobalContext::GlobalContext(int64_t width) : width_(width) {
  hidden_ =
      register_module("hidden", std::make_shared<Linear>(2 * width, width, std::numbers::sqrt2));
  out_ = register_module("out", std::make_shared<Linear>(width, 2 * width, 0.0));
}

at::Tensor GlobalContext::forward(const at::Tensor& x) const {
  const at::Tensor mean = at::mean(x, {2, 3});
  const at::Tensor deviation = (at::var(x, {2, 3}, /*unbiased=*/false) + kVarianceFloor).sqrt();
  const at::Tensor hidden = at::relu(hidden_->forward(at::cat({mean, deviation}, 1)));
  const at::Tensor out = out_->forward(hidden).unsqueeze(2).unsqueeze(3);
  const at::Tensor scale = out.narrow(1, 0, width_), shift = out.narrow(1, width_, width_);
  return x * (1 + scale) + shift;
}

}  // namespace model
