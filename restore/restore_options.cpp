#include "restore/restore_options.h"

#include <charconv>
#include <sstream>

#include "common/error.h"

namespace restore {
namespace {

[[noreturn]] void refuse_option(const std::string& message) {
  throw common::Error(common::ErrorKind::usage, message);
}

}  // namespace

Tasks parse_tasks(const std::string& list) {
  Tasks tasks{false, false, false};
  std::istringstream words(list);
  for (std::string word; std::getline(words, word, ',');) {
    if (word == "denoise") {
      tasks.denoise = true;
    } else if (word == "fill") {
      tasks.fill = true;
    } else if (word == "colour") {
      tasks.colour = true;
    } else {
      refuse_option("--tasks " + list + ": '" + word + "' is none; expected denoise, fill, colour");
    }
  }
  if (to_string(tasks).empty()) refuse_option("--tasks: expected one or more of denoise, fill, colour");
  return tasks;
}

std::string to_string(const Tasks& tasks) {
  std::string list;
  const auto add = [&](bool is_asked, const char* name) {
    if (is_asked) list += (list.empty() ? "" : ",") + std::string(name);
  };
  add(tasks.denoise, "denoise");
  add(tasks.fill, "fill");
  add(tasks.colour, "colour");
  return list;
}

std::optional<double> parse_strength(const std::string& text) {
  if (text == "auto") return std::nullopt;
  double strength = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), strength);
  if (error == std::errc() && end == text.data() + text.size() && strength >= 0 && strength <= 1) {
    return strength;
  }
  refuse_option("--strength " + text + ": expected 0 (as it is) to 1 (all that the model says), or auto");
}

void RestoreOptions::validate() const {
  if (strength && !(*strength >= 0 && *strength <= 1)) {
    refuse_option("the strength must be 0 to 1, not " + std::to_string(*strength));
  }
  if (only_mask && mask.empty()) refuse_option("--only-mask: there is no --mask to take");
}

}  // namespace restore
