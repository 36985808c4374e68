#pragma once

#include <map>
#include <string>
#include <vector>

#include "device/torch.h"
#include "model/network.h"

namespace model {

/// A textured batch in [0,1] that needs no generator.
inline at::Tensor textured(int64_t count, int64_t height, int64_t width) {
  const at::Tensor n = at::arange(count * height * width, at::kFloat);
  return (0.5 + 0.4 * at::sin(n * 0.7) * at::sin(n * 0.013)).reshape({count, 1, height, width});
}

/// Fresh networks have zeros where training puts values; this puts some everywhere.
inline void put_values_everywhere(const std::vector<device::NamedTensor>& weights) {
  const at::NoGradGuard no_grad;
  double phase = 0;
  for (const auto& [name, parameter] : weights) {
    const at::Tensor n = at::arange(parameter.numel(), at::kFloat);
    at::Tensor(parameter) += 0.05 * at::sin(n + ++phase).reshape(parameter.sizes());
  }
}

inline std::map<std::string, at::Tensor> by_name(const std::vector<device::NamedTensor>& weights) {
  std::map<std::string, at::Tensor> named;
  for (const auto& [name, tensor] : weights) named.emplace(name, tensor);
  return named;
}

inline int64_t num_values(const std::vector<device::NamedTensor>& weights) {
  int64_t count = 0;
  for (const auto& weight : weights) count += weight.tensor.numel();
  return count;
}

inline double largest(const at::Tensor& x) { return x.abs().max().item<double>(); }

}  // namespace model
