#include "worker/profile_config.h"

#include <charconv>

#include "common/error.h"

namespace worker {
namespace {

/// The number that is the whole text; -1 if it is none.
int64_t number_of(std::string_view text) {
  int64_t number = -1;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stopped == end ? number : -1;
}

}  // namespace

StepRange ProfileConfig::step_range() const {
  if (steps.empty()) return {};
  const std::string_view text = steps;
  const size_t colon = text.find(':');
  if (colon != std::string_view::npos) {
    const StepRange range{number_of(text.substr(0, colon)), number_of(text.substr(colon + 1))};
    if (range.first >= 1 && range.last >= range.first) return range;
  }
  throw common::Error(common::ErrorKind::config,
                      "profile.steps is '" + steps +
                          "'; expected FIRST:LAST with 1 <= FIRST <= LAST, such as 10:12");
}

}  // namespace worker
