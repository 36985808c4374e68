#pragma once

#include "model/layers.h"

namespace model {

/// What PyTorch's Conv2d and ConvTranspose2d are told. Padding is always dilation * (kernel - 1) /
/// 2: an odd kernel of stride 1 keeps height and width, 3x3 of stride 2 halves even ones, a
/// transposed 4x4 of stride 2 doubles them.
struct ConvolutionForm {
  int64_t in = 1, out = 1;
  int64_t kernel = 3;
  int64_t stride = 1;
  int64_t dilation = 1;
  bool transposed = false;
};

/// A convolution of any form, with a bias: the networks of the papers, whose forms are given. The
/// UNet's own is in layers.h.
class GeneralConvolution : public WeightedLayer {
 public:
  /// The weights' variance at first is `gain`^2 / fan-in, as Convolution's.
  GeneralConvolution(const ConvolutionForm& form, double gain);
  at::Tensor forward(const at::Tensor& x) const;

 private:
  ConvolutionForm form_;
};

}  // namespace model
