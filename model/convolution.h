#pragma once

#include <cstdint>

#include "device/torch.h"

namespace model {

/// What PyTorch's Conv2d and ConvTranspose2d are told. Padding is always dilation * (kernel - 1) /
/// 2: an odd kernel of stride 1 keeps height and width, 2x2 and 3x3 of stride 2 halve even ones, a
/// transposed 2x2 or 4x4 of stride 2 doubles them.
struct ConvolutionForm {
  int64_t in = 1, out = 1;
  int64_t kernel = 3;
  int64_t stride = 1;
  int64_t dilation = 1;
  bool transposed = false;
  bool bias = true;
};

int64_t padding(const ConvolutionForm& form);

/// A convolution as a network's graph uses it, in training or prepared for inference.
class ConvolutionLayer {
 public:
  virtual ~ConvolutionLayer() = default;
  virtual at::Tensor forward(const at::Tensor& x) const = 0;
  /// relu(forward(x)).
  virtual at::Tensor rectified(const at::Tensor& x) const = 0;
  /// forward(x) + sum. A prepared layer may write the result over `sum`.
  virtual at::Tensor plus(const at::Tensor& x, const at::Tensor& sum) const = 0;
};

/// Has `weight` and, if its form says so, `bias` (zero at first). LibTorch's own layers draw their
/// weights from the shared generator; this one draws from a key.
class Convolution : public torch::nn::Module, public ConvolutionLayer {
 public:
  /// Weights start with the variance `gain`^2 / fan-in, so that gain 1 keeps the variance of what
  /// it is given and sqrt(2) keeps it through a following ReLU (He et al., 2015, arXiv 1502.01852).
  Convolution(const ConvolutionForm& form, double gain);
  at::Tensor forward(const at::Tensor& x) const override;
  at::Tensor rectified(const at::Tensor& x) const override;
  at::Tensor plus(const at::Tensor& x, const at::Tensor& sum) const override;

  /// Fills the weights with normal deviates of the standard deviation that gain and fan-in give.
  void draw_weights(uint64_t key);

  const ConvolutionForm& form() const { return form_; }
  const at::Tensor& weight() const { return weight_; }
  /// Undefined if its form has none.
  const at::Tensor& bias() const { return bias_; }

 private:
  ConvolutionForm form_;
  double weight_std_;
  at::Tensor weight_, bias_;
};

}  // namespace model
