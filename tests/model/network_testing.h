#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "device/torch.h"
#include "model/network.h"
#include "tests/common/expect_error.h"

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

/// A network as training leaves it: a value in every weight.
inline std::shared_ptr<Network> trained(const NetworkConfig& config) {
  auto network = make_network(config, 7);
  put_values_everywhere(network->weights());
  return network;
}

/// Known in two stripes, unknown elsewhere.
inline at::Tensor partly_known(const at::Tensor& like) {
  at::Tensor known = at::full_like(like, -1.0);
  known.narrow(3, 8, 16).fill_(1);
  known.narrow(3, 40, 16).fill_(0);
  return known;
}

/// All that a network says is the same but for `most`, relative to the largest value.
inline void expect_close(const Restoration& got, const Restoration& expected, double most) {
  const auto compare = [most](const char* what, const at::Tensor& a, const at::Tensor& b) {
    ASSERT_EQ(a.sizes(), b.sizes()) << what;
    EXPECT_EQ(a.scalar_type(), at::kFloat) << what;
    EXPECT_LT(largest(a - b), most * (1 + largest(b))) << what;
  };
  compare("luma", got.luma, expected.luma);
  compare("damage_logits", got.damage_logits, expected.damage_logits);
  compare("chroma", got.chroma, expected.chroma);
  compare("filled", got.filled, expected.filled);
}

/// Of a network whose inputs have sides of multiples of 8.
inline void expect_refuses_what_does_not_fit(Network& network) {
  const auto refusal = [&](at::IntArrayRef shape, const char* message) {
    tests::expect_error(common::ErrorKind::internal, message,
                        [&] { network.forward(at::full(shape, 0.5)); });
  };
  EXPECT_EQ(network.multiple(), 8);
  refusal({1, 1, 16, 20}, "multiples of 8, got [1, 1, 16, 20]");
  refusal({1, 3, 16, 16}, "takes [N,1,H,W]");
  refusal({1, 1, 0, 16}, "takes [N,1,H,W]");
  const at::Tensor aged = at::full({1, 1, 16, 16}, 0.5), smaller = at::full({1, 1, 8, 8}, 1.0);
  tests::expect_error(common::ErrorKind::internal, "known damage has the shape [1, 1, 8, 8]",
                      [&] { network.forward(aged, smaller); });
}

}  // namespace model
