#include "webui/options_query.h"

#include <charconv>

#include "common/error.h"

namespace webui {
namespace {

double parse_strength(const std::string& text) {
  double strength = -1;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, strength);
  if (error != std::errc() || end != last || !(strength >= 0 && strength <= 1)) {
    throw common::Error(common::ErrorKind::usage, "the strength is not a number from 0 to 1");
  }
  return strength;
}

}  // namespace

restore::RestoreOptions parse_treatment(const std::function<std::string(const char* name)>& value) {
  const std::string tasks = "," + value("tasks") + ",";
  const auto has = [&](const char* task) { return tasks.find(task) != std::string::npos; };
  restore::RestoreOptions treatment;
  treatment.tasks = {has(",denoise,"), has(",fill,"), has(",colour,")};
  if (!treatment.tasks.denoise && !treatment.tasks.fill && !treatment.tasks.colour) {
    throw common::Error(common::ErrorKind::usage, "nothing is chosen that should be done");
  }
  treatment.keep_colour = value("colours") == "keep";
  treatment.only_mask = value("mask") == "only";
  const std::string strength = value("strength");
  if (!strength.empty() && strength != "auto") treatment.strength = parse_strength(strength);
  return treatment;
}

}  // namespace webui
