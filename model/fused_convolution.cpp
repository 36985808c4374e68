#include "model/fused_convolution.h"

#include <optional>
#include <string_view>

#include "device/torch.h"

namespace model {
namespace {

using Scalars = c10::List<std::optional<at::Scalar>>;
using Text = std::optional<std::string_view>;

// oneDNN with what follows is reached through LibTorch's table of operators: they are what
// torch.compile makes of a network and have no C++ names. Their schemas are checked where they are
// looked up.
using Unary = at::Tensor(const at::Tensor& x, const at::Tensor& weight,
                         const std::optional<at::Tensor>& bias, at::IntArrayRef padding,
                         at::IntArrayRef stride, at::IntArrayRef dilation, int64_t groups,
                         std::string_view then, Scalars scalars, Text algorithm);
using InPlaceSum = at::Tensor&(at::Tensor& sum, const at::Tensor& x, const at::Tensor& weight,
                               const std::optional<at::Tensor>& bias, at::IntArrayRef padding,
                               at::IntArrayRef stride, at::IntArrayRef dilation, int64_t groups,
                               std::string_view binary, std::optional<at::Scalar> alpha, Text then,
                               Scalars scalars, Text algorithm);

template <class Signature>
c10::TypedOperatorHandle<Signature> one_dnn_operator(const char* name, const char* overload) {
  return c10::Dispatcher::singleton().findSchemaOrThrow(name, overload).typed<Signature>();
}

std::optional<at::Tensor> if_defined(const at::Tensor& tensor) {
  return tensor.defined() ? std::optional(tensor) : std::nullopt;
}

}  // namespace

FusedConvolution::FusedConvolution(const ConvolutionForm& form, const at::Tensor& weight,
                                   const at::Tensor& bias, at::ScalarType dtype)
    : form_(form), padding_(padding(form)) {
  const at::NoGradGuard no_grad;
  const auto copied = [&](const at::Tensor& tensor) {
    return tensor.detach().to(dtype, /*non_blocking=*/false, /*copy=*/true);
  };
  weight_ = copied(weight).contiguous(at::MemoryFormat::ChannelsLast);
  if (bias.defined()) bias_ = copied(bias);
}

at::Tensor FusedConvolution::apply(const at::Tensor& x, const char* then) const {
  static const auto convolution = one_dnn_operator<Unary>("mkldnn::_convolution_pointwise", "");
  const int64_t padding[] = {padding_, padding_}, stride[] = {form_.stride, form_.stride},
                dilation[] = {form_.dilation, form_.dilation};
  return convolution.call(x, weight_, if_defined(bias_), padding, stride, dilation, /*groups=*/1,
                          then, Scalars(), Text());
}

at::Tensor FusedConvolution::forward(const at::Tensor& x) const {
  if (form_.transposed) {
    return at::conv_transpose2d(x, weight_, bias_, form_.stride, padding_, /*output_padding=*/0,
                                /*groups=*/1, form_.dilation);
  }
  return apply(x, "none");
}

at::Tensor FusedConvolution::rectified(const at::Tensor& x) const { return apply(x, "relu"); }

void FusedConvolution::add_to(at::Tensor& sum, const at::Tensor& x) const {
  static const auto convolution =
      one_dnn_operator<InPlaceSum>("mkldnn::_convolution_pointwise_", "binary");
  const int64_t padding[] = {padding_, padding_}, stride[] = {form_.stride, form_.stride},
                dilation[] = {form_.dilation, form_.dilation};
  convolution.call(sum, x, weight_, if_defined(bias_), padding, stride, dilation, /*groups=*/1,
                   "add", at::Scalar(1.0), Text(), Scalars(), Text());
}

at::Tensor FusedConvolution::plus(const at::Tensor& x, const at::Tensor& sum) const {
  at::Tensor result = sum;
  if (form_.transposed) return result.add_(forward(x));
  add_to(result, x);
  return result;
}

}  // namespace model
