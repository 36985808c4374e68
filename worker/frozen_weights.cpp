#include "worker/frozen_weights.h"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>

#include "common/error.h"
#include "worker/name_list.h"

namespace worker {
namespace {

bool matches(const std::string& name, const std::string& pattern) {
  return fnmatch(pattern.c_str(), name.c_str(), 0) == 0;
}

void require_match(const std::string& pattern, const std::vector<device::NamedTensor>& parameters) {
  std::vector<std::string> names;
  for (const auto& [name, tensor] : parameters) names.push_back(name);
  if (std::ranges::any_of(names, [&](const auto& name) { return matches(name, pattern); })) return;
  throw common::Error(
      common::ErrorKind::config,
      fmt::format("optimizer.freeze: no weight is named like '{}'; weights are {}; a pattern takes "
                  "the whole name, such as 'encoder.*'",
                  pattern, name_list(names)));
}

}  // namespace

std::vector<device::NamedTensor> freeze(const std::vector<device::NamedTensor>& parameters,
                                        const std::vector<std::string>& patterns) {
  for (const std::string& pattern : patterns) require_match(pattern, parameters);
  std::vector<device::NamedTensor> trained;
  for (const device::NamedTensor& parameter : parameters) {
    const bool frozen = std::ranges::any_of(
        patterns, [&](const auto& pattern) { return matches(parameter.name, pattern); });
    parameter.tensor.set_requires_grad(!frozen);
    if (!frozen) trained.push_back(parameter);
  }
  if (!trained.empty()) return trained;
  throw common::Error(common::ErrorKind::config,
                      "optimizer.freeze leaves no weight to train; leave a pattern out");
}

}  // namespace worker
