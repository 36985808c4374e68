#include "model/convolution.h"

#include <cmath>
#include <vector>

#include "common/random.h"
#include "device/torch.h"

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

int64_t padding(const ConvolutionForm& form) { return form.dilation * (form.kernel - 1) / 2; }

Convolution::Convolution(const ConvolutionForm& form, double gain)
    : form_(form), weight_std_(gain / std::sqrt(fan_in(form))) {
  weight_ = register_parameter("weight", at::zeros(weight_shape(form)));
  if (form.bias) bias_ = register_parameter("bias", at::zeros({form.out}));
}

void Convolution::draw_weights(uint64_t key) {
  auto* weights = weight_.mutable_data_ptr<float>();
  const auto count = static_cast<size_t>(weight_.numel());
  common::fill_normal(key, weights, count);
  for (size_t i = 0; i < count; ++i) weights[i] *= static_cast<float>(weight_std_);
}

at::Tensor Convolution::forward(const at::Tensor& x) const {
  if (form_.transposed) {
    return at::conv_transpose2d(x, weight_, bias_, form_.stride, padding(form_),
                                /*output_padding=*/0,
                                /*groups=*/1, form_.dilation);
  }
  return at::conv2d(x, weight_, bias_, form_.stride, padding(form_), form_.dilation);
}

at::Tensor Convolution::rectified(const at::Tensor& x) const {
  at::Tensor result = forward(x);
  return at::relu_(result);  // in place: no backward needs the values before it
}

at::Tensor Convolution::plus(const at::Tensor& x, const at::Tensor& sum) const {
  return forward(x).add_(sum);
}

}  // namespace model
