#include "comm/group.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "comm/comm_config.h"
#include "comm/mpi_group.h"
#include "comm/single_group.h"
#include "common/error.h"
#include "device/torch.h"

namespace comm {

using common::Error;
using common::ErrorKind;

int64_t Group::agree(int64_t of_rank_0) {
  at::Tensor word = at::empty({1}, at::kLong);
  *word.mutable_data_ptr<int64_t>() = of_rank_0;
  broadcast(word, 0);
  return *word.const_data_ptr<int64_t>();
}

double Group::agree(double of_rank_0) {
  at::Tensor word = at::empty({1}, at::kDouble);
  *word.mutable_data_ptr<double>() = of_rank_0;
  broadcast(word, 0);
  return *word.const_data_ptr<double>();
}

std::string Group::agree(const std::string& of_rank_0) {
  const int64_t num_bytes = agree(static_cast<int64_t>(of_rank_0.size()));
  at::Tensor words = at::zeros({(num_bytes + 7) / 8}, at::kLong);
  auto* bytes = reinterpret_cast<char*>(words.mutable_data_ptr<int64_t>());
  if (rank() == 0) std::copy(of_rank_0.begin(), of_rank_0.end(), bytes);
  broadcast(words, 0);
  return {bytes, static_cast<size_t>(num_bytes)};
}

int64_t Group::max(int64_t value) {
  const std::vector<int64_t> values = all_gather(value);
  return *std::max_element(values.begin(), values.end());
}

void Group::require_equal(uint64_t value, const std::string& what, const std::string& remedy,
                          ErrorKind kind) {
  const std::vector<int64_t> values = all_gather(static_cast<int64_t>(value));
  std::vector<size_t> different;
  for (size_t r = 0; r < values.size(); ++r) {
    if (values[r] != values[0]) different.push_back(r);
  }
  if (different.empty()) return;
  throw Error(kind, fmt::format("{} of worker {} differs from worker 0's; {}", what,
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
