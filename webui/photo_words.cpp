#include "webui/photo_words.h"

#include <spdlog/fmt/fmt.h>

#include <cmath>

namespace webui {
namespace {

std::string percent(double share) {
  if (share > 0 && share < 0.001) return "less than 0.1%";
  return share < 0.0995 ? fmt::format("{:.1f}%", 100 * share) : fmt::format("{:.0f}%", 100 * share);
}

const char* name(restore::Findings::Colour colour) {
  switch (colour) {
    case restore::Findings::Colour::gray: return "gray";
    case restore::Findings::Colour::toned: return "toned";
    case restore::Findings::Colour::coloured: return "in colour";
  }
  return "";
}

const char* name(imaging::Format format) {
  switch (format) {
    case imaging::Format::jpeg: return "JPEG";
    case imaging::Format::png: return "PNG";
    case imaging::Format::tiff: return "TIFF";
    case imaging::Format::webp: return "WebP";
  }
  return "";
}

std::string grain_in_words(double grain) {
  const char* strength = grain < 1.5   ? "hardly any"
                         : grain < 4.5 ? "light"
                         : grain < 10  ? "clearly visible"
                                       : "strong";
  return fmt::format("{} ({:.1f} of 255 levels)", strength, grain);
}

std::string damage_in_words(const restore::RestoredPhoto& photo) {
  if (photo.found.damaged_share <= 0) return "none found";
  return percent(photo.found.damaged_share) + " of the picture" +
         (photo.strengths.inpaint > 0 ? "" : ", not repaired");
}

std::string tones_in_words(const restore::Findings& found) {
  const bool faded = found.white - found.black < 0.8;
  return fmt::format("{}the darkest at {:.0f}%, the lightest at {:.0f}%", faded ? "faded: " : "",
                     100 * found.black, 100 * found.white);
}

std::string done_in_words(const restore::RestoreOptions& options) {
  std::string done;
  const auto add = [&](bool is_done, const char* words) {
    if (is_done) done += (done.empty() ? "" : ", ") + std::string(words);
  };
  add(options.tasks.denoise, "grain and fading removed");
  add(options.tasks.inpaint, options.only_mask ? "marked damage repaired" : "damage repaired");
  add(options.tasks.colourise, options.keep_colour ? "colourised, own colours kept" : "colourised");
  return done;
}

std::string strengths_in_words(const restore::RestoredPhoto& photo) {
  std::string used;
  const auto add = [&](bool is_used, const char* what, double strength) {
    if (is_used)
      used += fmt::format("{}{} {:.0f}%", used.empty() ? "" : ", ", what, 100 * strength);
  };
  add(photo.options.tasks.denoise, "grain", photo.strengths.grain);
  add(photo.options.tasks.denoise, "tones", photo.strengths.tone);
  add(photo.options.tasks.inpaint, "repair", photo.strengths.inpaint);
  if (used.empty()) return used;
  return used + (photo.options.strength ? " (as chosen)" : " (as measured)");
}

std::string sensitivity_in_words(double sensitivity) {
  return fmt::format("{:+}: {} was taken for damage", sensitivity,
                     sensitivity > 0 ? "more" : "less");
}

std::string result_in_words(const restore::RestoredPhoto& photo) {
  const bool deep = photo.bits == 16 && photo.format != imaging::Format::jpeg &&
                    photo.format != imaging::Format::webp;
  return fmt::format("{}, {} bit", name(photo.format), deep ? 16 : 8);
}

std::string seconds_in_words(const restore::RestoredPhoto& photo) {
  return photo.network_seconds > 0 ? fmt::format("{:.1f} s, {:.1f} s of them in the network",
                                                 photo.seconds, photo.network_seconds)
                                   : fmt::format("{:.1f} s", photo.seconds);
}

}  // namespace

std::vector<Fact> describe(const restore::RestoredPhoto& photo) {
  std::vector<Fact> facts;
  facts.push_back({"Photograph", fmt::format("{} × {} pixels, {} bit, {}", photo.width,
                                             photo.height, photo.bits, name(photo.found.colour))});
  facts.push_back({"Grain", grain_in_words(photo.found.grain)});
  facts.push_back({"Damage", damage_in_words(photo)});
  facts.push_back({"Tones", tones_in_words(photo.found)});
  if (!photo.options.mask.empty()) {
    facts.push_back({"Marked", photo.options.only_mask ? "only what a person marked was repaired"
                                                       : "by a person, beside what was found"});
  }
  facts.push_back({"Done", done_in_words(photo.options)});
  const std::string strengths = strengths_in_words(photo);
  if (!strengths.empty()) facts.push_back({"Strength", strengths});
  if (photo.options.sensitivity != 0) {
    facts.push_back({"Sensitivity", sensitivity_in_words(photo.options.sensitivity)});
  }
  facts.push_back({"Result", result_in_words(photo)});
  facts.push_back({"Time", seconds_in_words(photo)});
  return facts;
}

std::string size_in_words(int64_t num_bytes) {
  const double bytes = static_cast<double>(num_bytes);
  const double kilo = 1024;
  if (bytes < kilo * kilo) return fmt::format("{:.0f} kB", std::ceil(bytes / kilo));
  if (bytes < 10 * kilo * kilo) return fmt::format("{:.1f} MB", bytes / kilo / kilo);
  if (bytes < kilo * kilo * kilo) return fmt::format("{:.0f} MB", bytes / kilo / kilo);
  return fmt::format("{:.1f} GB", bytes / kilo / kilo / kilo);
}

}  // namespace webui
