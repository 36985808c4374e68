#include "comm/group.h"

#include <fmt/format.h>

#include <algorithm>

#include "comm/mpi_group.h"

namespace comm {
namespace {

template <class Number>
Number rank_0s_number(Group& group, Number value, at::ScalarType type) {
  at::Tensor tensor = at::full({1}, value, type);
  group.broadcast(tensor, 0);
  return *tensor.const_data_ptr<Number>();
}

}  // namespace

int64_t Group::broadcast_from_rank_0(int64_t value) {
  return rank_0s_number(*this, value, at::kLong);
}

double Group::broadcast_from_rank_0(double value) {
  return rank_0s_number(*this, value, at::kDouble);
}

std::string Group::broadcast_from_rank_0(const std::string& value) {
  const int64_t num_bytes = broadcast_from_rank_0(static_cast<int64_t>(value.size()));
  at::Tensor words = at::zeros({(num_bytes + 7) / 8}, at::kLong);
  auto* bytes = reinterpret_cast<char*>(words.mutable_data_ptr<int64_t>());
  if (rank() == 0) std::copy(value.begin(), value.end(), bytes);
  broadcast(words, 0);
  return {bytes, static_cast<size_t>(num_bytes)};
}

int64_t Group::max(int64_t value) { return std::ranges::max(all_gather(value)); }

void Group::require_equal(uint64_t value, const std::string& what, const std::string& remedy,
                          common::ErrorKind kind) {
  const std::vector<int64_t> values = all_gather(static_cast<int64_t>(value));
  std::vector<size_t> different;
  for (size_t r = 0; r < values.size(); ++r) {
    if (values[r] != values[0]) different.push_back(r);
  }
  if (different.empty()) return;
  throw common::Error(kind, fmt::format("{} of worker {} differs from worker 0's; {}", what,
                                        fmt::join(different, ", "), remedy));
}

std::unique_ptr<Group> open_group(const std::string& backend) {
  CommConfig config;
  config.backend = backend;
  config.validate();
  if (backend == "mpi" || (backend != "single" && started_by_mpi())) return open_mpi_group();
  return std::make_unique<SingleGroup>();
}

}  // namespace comm
