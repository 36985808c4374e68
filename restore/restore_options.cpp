#include "restore/restore_options.h"

#include <spdlog/fmt/fmt.h>

#include <charconv>
#include <sstream>

#include "common/command_line.h"
#include "common/error.h"

namespace restore {
namespace {

bool is_sensitivity(double value) {
  return value >= -kMostSensitivity && value <= kMostSensitivity;  // NaN is none
}

}  // namespace

Tasks parse_tasks(const std::string& list) {
  Tasks tasks{false, false, false};
  std::istringstream words(list);
  for (std::string word; std::getline(words, word, ',');) {
    if (word == "denoise") {
      tasks.denoise = true;
    } else if (word == "inpaint") {
      tasks.inpaint = true;
    } else if (word == "colourise") {
      tasks.colourise = true;
    } else {
      throw common::usage_error("--tasks " + list + ": '" + word +
                                "' is no task; expected denoise, inpaint, colourise");
    }
  }
  if (to_string(tasks).empty()) {
    throw common::usage_error("--tasks: expected one or more of denoise, inpaint, colourise");
  }
  return tasks;
}

std::string to_string(const Tasks& tasks) {
  std::string list;
  const auto add = [&](bool is_asked, const char* name) {
    if (is_asked) list += (list.empty() ? "" : ",") + std::string(name);
  };
  add(tasks.denoise, "denoise");
  add(tasks.inpaint, "inpaint");
  add(tasks.colourise, "colourise");
  return list;
}

std::optional<double> parse_strength(const std::string& text) {
  if (text == "auto") return std::nullopt;
  double strength = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), strength);
  if (error == std::errc() && end == text.data() + text.size() && strength >= 0 && strength <= 1) {
    return strength;
  }
  throw common::usage_error("--strength " + text +
                            ": expected 0 (as it is) to 1 (all that the model says), or auto");
}

double parse_sensitivity(const std::string& text) {
  double sensitivity = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), sensitivity);
  if (error == std::errc() && end == text.data() + text.size() && is_sensitivity(sensitivity)) {
    return sensitivity;
  }
  throw common::usage_error("--sensitivity " + text +
                            ": expected -2 (little is taken for damage) to 2 (much is)");
}

std::string strength_text(std::optional<double> strength) {
  return strength ? fmt::format("{}", *strength) : "auto";
}

void RestoreOptions::validate() const {
  if (strength && !(*strength >= 0 && *strength <= 1)) {
    throw common::usage_error("the strength must be 0 to 1, not " + std::to_string(*strength));
  }
  if (!is_sensitivity(sensitivity)) {
    throw common::usage_error("the sensitivity must be -2 to 2, not " +
                              std::to_string(sensitivity));
  }
  if (only_mask && mask.empty()) throw common::usage_error("--only-mask needs a --mask");
}

void refuse_contradictions(const RestoreOptions& options) {
  options.validate();
  if ((!options.mask.empty() || options.infrared) && !options.tasks.inpaint) {
    throw common::usage_error(std::string(options.infrared ? "--infrared" : "--mask") +
                              " marks damage, and the task inpaint, which repairs it, is not among "
                              "--tasks " +
                              to_string(options.tasks));
  }
  if (options.sensitivity != 0 && !options.tasks.inpaint) {
    throw common::usage_error(
        "--sensitivity says how much is taken for damage, and the task inpaint, which repairs it, "
        "is not among --tasks " +
        to_string(options.tasks));
  }
  if (options.sensitivity != 0 && options.only_mask) {
    throw common::usage_error(
        "--sensitivity says how much is taken for damage, and with --only-mask nothing is but what "
        "the mask marks: leave one of them out");
  }
  if (options.keep_colour && !options.tasks.colourise) {
    throw common::usage_error(
        "--keep-colour goes with the task colourise, which is not among --tasks " +
        to_string(options.tasks));
  }
}

void add_options(common::CommandLine& line, RestoreOptions& options) {
  line.add_parsed(
      "--tasks", to_string(options.tasks),
      "what is done: any of denoise (grain and fading), inpaint (scratches, creases, holes), "
      "colourise",
      [&options](const std::string& text) { options.tasks = parse_tasks(text); });
  line.add_parsed("--strength", "auto",
                  "0 (as it was) to 1 (all that the model says); auto: what each needs, and that "
                  "may be nothing",
                  [&options](const std::string& text) { options.strength = parse_strength(text); });
  line.add_parsed(
      "--sensitivity", "0", "-2 (little is taken for damage) to 2 (much is)",
      [&options](const std::string& text) { options.sensitivity = parse_sensitivity(text); });
  line.add("--mask", options.mask, "damage marked by hand, white on black, added to what is found")
      .placeholder("FILE");
  line.add("--only-mask", options.only_mask, "inpaint what the mask marks and nothing else");
  line.add("--infrared", options.infrared,
           "inpaint the dust and scratches that the scan's infrared channel shows");
  line.add("--partial", options.partial,
           "restore what is left of damaged files, as far as it goes");
  line.add("--keep-colour", options.keep_colour,
           "with the task colourise: photographs in colour keep their colours");
}

}  // namespace restore
