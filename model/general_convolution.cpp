#include "model/general_convolution.h"

#include <ATen/ops/conv2d.h>
#include <ATen/ops/conv_transpose2d.h>

#include <cmath>
#include <vector>

namespace model {
namespace {

std::vector<int64_t> weight_shape(const ConvolutionForm& form) {
  if (form.transposed) return {form.in, form.out, form.kernel, form.kernel};
  return {form.out, form.in, form.kernel, form.kernel};
}

/// How many inputs an output pixel sees, away from the border.
double fan_in(const ConvolutionForm& form) {
  const auto taps = static_cast<double>(form.in * form.kernel * form.kernel);
  return form.transposed ? taps / static_cast<double>(form.stride * form.stride) : taps;
}

}  // namespace

GeneralConvolution::GeneralConvolution(const ConvolutionForm& form, double gain)
    : WeightedLayer(weight_shape(form), form.out, gain / std::sqrt(fan_in(form))), form_(form) {}

at::Tensor GeneralConvolution::forward(const at::Tensor& x) const {
  const int64_t padding = form_.dilation * (form_.kernel - 1) / 2;
  if (form_.transposed) {
    return at::conv_transpose2d(x, weight_, bias_, form_.stride, padding, /*output_padding=*/0,
                                /*groups=*/1, form_.dilation);
  }
  return at::conv2d(x, weight_, bias_, form_.stride, padding, form_.dilation);
}

}  // namespace model
