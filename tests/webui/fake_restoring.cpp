#include "tests/webui/fake_restoring.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <thread>

#include "common/error.h"
#include "imaging/vips.h"

namespace webui {
namespace {

namespace vips = imaging::vips;

template <class Operation>
vips::Image result(Operation&& operation) {
  VipsImage* out = nullptr;
  if (operation(&out) != 0) throw common::Error(common::ErrorKind::corrupt, vips::last_error());
  return vips::Image(out);
}

vips::Image open(const std::filesystem::path& path) {
  vips::Image image(vips_image_new_from_file(path.c_str(), nullptr));
  if (!image) {
    throw common::Error(common::ErrorKind::corrupt, path.string() + ": " + vips::last_error());
  }
  image = result([&](VipsImage** out) { return vips_autorot(image.get(), out, nullptr); });
  return result([&](VipsImage** out) {
    return vips_colourspace(image.get(), out, VIPS_INTERPRETATION_sRGB, nullptr);
  });
}

vips::Image restored(const restore::RestoreJob& job, const restore::RestoreOptions& options) {
  vips::Image image = open(job.photo);
  image = result([&](VipsImage** out) { return vips_gaussblur(image.get(), out, 3, nullptr); });
  if (options.mask.empty()) return image;
  const vips::Image mask(vips_image_new_from_file(options.mask.c_str(), nullptr));
  if (!mask || vips_image_get_width(mask.get()) != vips_image_get_width(image.get())) {
    throw common::Error(common::ErrorKind::corrupt, "the mask is not of the photograph's size");
  }
  const vips::Image black = result([&](VipsImage** out) {
    return vips_linear1(image.get(), out, 0, 0, "uchar", TRUE, nullptr);
  });
  return result([&](VipsImage** out) {
    return vips_ifthenelse(mask.get(), black.get(), image.get(), out, nullptr);
  });
}

restore::GrayPreview round_damage(int64_t width, int64_t height) {
  const double scale = std::min(1.0, 1600.0 / static_cast<double>(std::max(width, height)));
  restore::GrayPreview damage;
  damage.width = static_cast<int>(std::lround(static_cast<double>(width) * scale));
  damage.height = static_cast<int>(std::lround(static_cast<double>(height) * scale));
  const double radius = std::min(damage.width, damage.height) / 5.0;
  for (int y = 0; y < damage.height; ++y) {
    for (int x = 0; x < damage.width; ++x) {
      const bool inside = std::hypot(x - damage.width / 2.0, y - damage.height / 2.0) < radius;
      damage.levels.push_back(inside ? 255 : 0);
    }
  }
  return damage;
}

}  // namespace

restore::GrayPreview fake_finding(const std::filesystem::path& photo,
                                  const std::stop_token& /*stop*/) {
  const vips::Image image = open(photo);
  restore::GrayPreview found{
      vips_image_get_width(image.get()), vips_image_get_height(image.get()), {}};
  const double radius = std::min(found.width, found.height) / 5.0;
  for (int y = 0; y < found.height; ++y) {
    for (int x = 0; x < found.width; ++x) {
      const double away = std::hypot(x - found.width / 2.0, y - found.height / 2.0) / radius;
      const double level = restore::kEvenLevel + restore::kLevelsPerLogit * 6 * (1 - away);
      found.levels.push_back(static_cast<uint8_t>(std::lround(std::clamp(level, 0.0, 255.0))));
    }
  }
  return found;
}

restore::RestorePhoto fake_restoring(double seconds) {
  return [seconds](const restore::RestoreJob& job, const restore::RestoreOptions& options,
                   const restore::PhotoProgress& progress,
                   const std::stop_token& stop) -> std::optional<restore::RestoredPhoto> {
    vips::start();
    const int num_steps = static_cast<int>(std::ceil(seconds / 0.02));
    for (int step = 0; step < num_steps; ++step) {
      if (stop.stop_requested()) return std::nullopt;
      progress(static_cast<double>(step) / num_steps);
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    const vips::Image image = restored(job, options);
    if (vips_pngsave(image.get(), job.restored.c_str(), nullptr) != 0) {
      throw common::Error(common::ErrorKind::io, vips::last_error());
    }
    restore::RestoredPhoto photo;
    photo.job = job;
    photo.options = options;
    photo.width = vips_image_get_width(image.get());
    photo.height = vips_image_get_height(image.get());
    photo.found = {6.2, 0.037, 0.11, 0.83, restore::Findings::Colour::toned};
    photo.strengths.grain = photo.strengths.tone = options.strength.value_or(0.7);
    photo.damage = round_damage(photo.width, photo.height);
    photo.seconds = seconds;
    photo.notes = {"its transparent parts were laid on white", "<b>not bold</b>"};
    return photo;
  };
}

}  // namespace webui
