#include "dataset/ageing/textures.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "common/error.h"
#include "common/instructions.h"
#include "dataset/ageing/dirt_rows.h"
#include "dataset/ageing/draw.h"
#include "dataset/ageing/limits.h"

namespace dataset::ageing {
namespace {

using common::Error;
using common::ErrorKind;

enum class Mode { add, subtract, multiply, lighten };
constexpr std::array<std::string_view, 4> kModes{"add", "subtract", "multiply", "lighten"};

Mode mode_of(const std::string& word) {
  const auto found = std::find(kModes.begin(), kModes.end(), word);
  if (found != kModes.end()) return static_cast<Mode>(found - kModes.begin());
  throw Error(ErrorKind::config,
              "recipe: textures.modes: '" + word + "' is none of add, subtract, multiply, lighten");
}

bool fits(Mode mode, DirtTone tone) {
  if (tone == DirtTone::either) return true;
  return (tone == DirtTone::lightens) == (mode == Mode::add || mode == Mode::lighten);
}

std::vector<Mode> fitting_modes(const Textures& textures, DirtTone tone) {
  std::vector<Mode> modes;
  for (const std::string& word : textures.modes) {
    if (fits(mode_of(word), tone)) modes.push_back(mode_of(word));
  }
  return modes;
}

template <class Blend>
inline __attribute__((always_inline)) void lay_rows(const Placed& placed, Canvas& canvas,
                                                    Blend blend) {
  WidenedRows rows(placed);
  for (int y = 0; y < canvas.gray.height; ++y) {
    rows.move_to(placed.rows.first[static_cast<size_t>(y)]);
    const float share = placed.rows.share[static_cast<size_t>(y)];
    const float *const upper = rows.upper(), *const lower = rows.lower();
    float* const gray = canvas.gray.row(y);
    float* const intact = canvas.intact.row(y);
    for (int x = 0; x < canvas.gray.width; ++x) {
      const float dirt = upper[x] + (lower[x] - upper[x]) * share;
      gray[x] = blend(gray[x], dirt);
      intact[x] *= 1 - dirt;
    }
  }
}

RESTORE_TARGET_CLONES void lay(const Placed& placed, Mode mode, Canvas& canvas) {
  switch (mode) {  // outside the loop over pixels, so that each of the four is vectorised
    case Mode::add: return lay_rows(placed, canvas, [](float g, float d) { return g + d; });
    case Mode::subtract: return lay_rows(placed, canvas, [](float g, float d) { return g - d; });
    case Mode::multiply:
      return lay_rows(placed, canvas, [](float g, float d) { return g * (1 - d); });
    case Mode::lighten:
      return lay_rows(placed, canvas, [](float g, float d) { return g < d ? d : g; });
  }
}

/// Where the photo begins along one side: anywhere in the picture or its mirror image such that it
/// stays in one of the two if it can, for the eye finds the mirror's line.
double draw_start(int length, int source, double scale, common::KeyedRandom& random) {
  const double room = source - length / scale;
  if (room < 0) return random.uniform(0, 2 * source);
  const double mirrored = random.chance(0.5) ? source : 0;
  return mirrored + random.uniform(0, room);
}

Placed place(const Textures& textures, const DirtPicture& picture, const Canvas& canvas,
             common::KeyedRandom& random) {
  const Cover& cover = random.chance(0.5) ? picture.turned : picture.upright;
  const double scale =
      draw(textures.scale, random) * canvas.short_side() / std::min(cover.width, cover.height);
  const int width = canvas.gray.width, height = canvas.gray.height;
  const double left = draw_start(width, cover.width, scale, random);
  const double top = draw_start(height, cover.height, scale, random);
  return {cover, mirrored_axis(width, cover.width, scale, left),
          mirrored_axis(height, cover.height, scale, top),
          static_cast<float>(draw(textures.opacity, random))};
}

}  // namespace

void Textures::validate() const {
  check_probability("textures.probability", probability);
  check_range("textures.count", count, 0, 100);
  check_range("textures.scale", scale, 0.05, 20);
  check_range("textures.opacity", opacity, 0, 1);
  if (modes.empty()) throw Error(ErrorKind::config, "recipe: textures.modes names no mode");
  for (const std::string& word : modes) mode_of(word);
}

DirtPictures load_dirt(const Textures& textures, const DirtReader& read_folder) {
  if (textures.probability == 0) return {};
  if (textures.folder.empty()) return draw_dirt_pictures();
  std::vector<DirtPicture> pictures;
  for (const imaging::GrayPicture& picture : read_folder(textures.folder)) {
    pictures.push_back(to_dirt(picture));
    if (!fitting_modes(textures, pictures.back().tone).empty()) continue;
    const bool is_light = pictures.back().tone == DirtTone::lightens;
    throw Error(ErrorKind::config,
                fmt::format("recipe: picture {} of {} (by name) holds {} dirt; textures.modes "
                            "must allow {}",
                            pictures.size(), textures.folder, is_light ? "light" : "dark",
                            is_light ? "add or lighten" : "subtract or multiply"));
  }
  return DirtPictures(std::move(pictures));
}

void apply(const Textures& textures, const DirtPictures& dirt, Canvas& canvas,
           common::KeyedRandom& random) {
  if (dirt.empty()) {
    throw Error(ErrorKind::usage, "ageing: the stage textures is on without pictures of dirt");
  }
  for (int64_t i = draw_count(textures.count, random); i > 0; --i) {
    const auto number = static_cast<size_t>(random.integer(static_cast<int64_t>(dirt.size())));
    const std::vector<Mode> modes = fitting_modes(textures, dirt[number].tone);
    const auto choice = static_cast<size_t>(random.integer(static_cast<int64_t>(modes.size())));
    lay(place(textures, dirt[number], canvas, random), modes[choice], canvas);
  }
}

}  // namespace dataset::ageing
