#pragma once

#include "device/torch.h"
#include "model/convolution.h"

namespace model {

/// A convolution for inference on a CPU, with what follows it in the same pass over memory: oneDNN
/// applies the ReLU and the sum to the pixels that it has in its registers. Weights and bias are
/// copies in `dtype`, which inputs must have, too, and all pictures are channels last.
class FusedConvolution : public ConvolutionLayer {
 public:
  FusedConvolution(const ConvolutionForm& form, const at::Tensor& weight, const at::Tensor& bias,
                   at::ScalarType dtype);
  FusedConvolution(const Convolution& layer, at::ScalarType dtype)
      : FusedConvolution(layer.form(), layer.weight(), layer.bias(), dtype) {}

  at::Tensor forward(const at::Tensor& x) const override;
  at::Tensor rectified(const at::Tensor& x) const override;
  /// Over `sum`.
  at::Tensor plus(const at::Tensor& x, const at::Tensor& sum) const override;
  /// sum += forward(x).
  void add_to(at::Tensor& sum, const at::Tensor& x) const;

 private:
  at::Tensor apply(const at::Tensor& x, const char* then) const;

  ConvolutionForm form_;
  int64_t padding_;
  at::Tensor weight_, bias_;
};

}  // namespace model
