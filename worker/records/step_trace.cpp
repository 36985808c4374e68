#include "worker/records/step_trace.h"

#include <charconv>

#include "common/error.h"
#include "common/files.h"

namespace worker {
namespace {

constexpr double kMicroseconds = 1e6;

/// The number, or -1 if the text is anything else.
int64_t step_number(std::string_view text) {
  int64_t number = -1;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stopped == end ? number : -1;
}

nlohmann::ordered_json complete_event(const std::string& name, int64_t step, int rank,
                                      double begin_s, double end_s) {
  return {{"name", name},
          {"ph", "X"},
          {"ts", kMicroseconds * begin_s},
          {"dur", kMicroseconds * (end_s - begin_s)},
          {"pid", rank},
          {"tid", 0},
          {"args", {{"step", step}}}};
}

}  // namespace

StepRange ProfileConfig::step_range() const {
  if (steps.empty()) return {};
  const std::string_view text = steps;
  const size_t colon = text.find(':');
  if (colon != std::string_view::npos) {
    const StepRange range{step_number(text.substr(0, colon)), step_number(text.substr(colon + 1))};
    if (range.first >= 1 && range.last >= range.first) return range;
  }
  throw common::config_error("profile.steps is '" + steps +
                             "'; expected FIRST:LAST with 1 <= FIRST <= LAST, such as 10:12");
}

StepTrace::StepTrace(const ProfileConfig& config, const std::filesystem::path& run_folder, int rank)
    : range_(config.step_range()),
      path_(run_folder / ("trace-worker-" + std::to_string(rank) + ".json")),
      rank_(rank) {}

void StepTrace::add(int64_t step, const StepTimes& times) {
  if (!range_.contains(step)) return;
  events_.push_back(
      complete_event("step " + std::to_string(step), step, rank_, times.begin_s(), times.end_s()));
  for (const StepSpan& span : times.spans()) {
    events_.push_back(complete_event(to_string(span.phase), step, rank_, span.begin_s, span.end_s));
  }
}

void StepTrace::write() const {
  if (events_.empty()) return;
  nlohmann::ordered_json trace{{"displayTimeUnit", "ms"}, {"traceEvents", events_}};
  trace["traceEvents"].push_back({{"name", "process_name"},
                                  {"ph", "M"},
                                  {"pid", rank_},
                                  {"args", {{"name", "worker " + std::to_string(rank_)}}}});
  common::write_file_atomically(path_, trace.dump() + "\n");
}

}  // namespace worker
