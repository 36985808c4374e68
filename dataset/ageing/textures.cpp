#include "dataset/ageing/textures.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "common/error.h"
#include "common/hardware.h"
#include "dataset/ageing/ranges.h"

namespace dataset::ageing {
namespace {

// Fetching from anywhere is slow: each pixel and its right neighbour lie in one word, so that
// one fetch gets both. In the two below no array may overlap another, or they are not vectorised.

/// pairs[i] = in[i] and in[i + 1], for i < count - 1.
RESTORE_TARGET_CLONES void pair_up(const uint8_t* __restrict in, size_t count,
                                   uint32_t* __restrict pairs) {
  for (size_t i = 0; i + 1 < count; ++i) {
    pairs[i] = static_cast<uint32_t>(in[i]) | static_cast<uint32_t>(in[i + 1]) << 16;
  }
}

/// out[i] = unit x (left pixel of pairs[first[i]], and as much of the right as share[i] says).
RESTORE_TARGET_CLONES void interpolate(const uint32_t* __restrict pairs,
                                       const int* __restrict first, const float* __restrict share,
                                       float unit, size_t count, float* __restrict out) {
  for (size_t i = 0; i < count; ++i) {
    const uint32_t pair = pairs[first[i]];
    const auto left = static_cast<float>(static_cast<int32_t>(pair & 0xFFFF));
    const auto right = static_cast<float>(static_cast<int32_t>(pair >> 16));
    out[i] = unit * (left + (right - left) * share[i]);
  }
}

/// Where the pixels along one side of the photo lie in a picture of dirt: between its pixels
/// `first` and `first + 1`; the second weighs `share`.
struct Axis {
  std::vector<int> first;
  std::vector<float> share;
};

/// The picture is enlarged `scale` times and continues with its mirror image at both ends; `start`
/// is where the photo begins in it, in the picture's pixels.
Axis mirrored_axis(int length, int source, double scale, double start) {
  Axis axis;
  for (int i = 0; i < length; ++i) {
    double place = std::fmod(start + (i + 0.5) / scale, 2.0 * source);
    if (place > source) place = 2.0 * source - place;
    place -= 0.5;
    const int first = std::clamp(static_cast<int>(std::floor(place)), 0, source - 2);
    axis.first.push_back(first);
    axis.share.push_back(static_cast<float>(std::clamp(place - first, 0.0, 1.0)));
  }
  return axis;
}

/// A picture of dirt as it lies over the photo.
struct Overlay {
  const Cover& cover;
  Axis columns;
  Axis rows;
  float opacity;
};

/// The rows of an overlay at the photo's width, times the opacity: 0 to 1. The picture is usually
/// enlarged, so each of its rows is kept for several rows of the photo.
class OverlayRows {
 public:
  explicit OverlayRows(const Overlay& overlay)
      : overlay_(overlay),
        pairs_(static_cast<size_t>(overlay.cover.width)),
        upper_(overlay.columns.first.size()),
        lower_(overlay.columns.first.size()) {}

  /// Makes `upper` and `lower` the rows `first` and `first + 1` of the picture.
  void move_to(int first) {
    if (first == first_) return;
    if (first == first_ + 1) {
      upper_.swap(lower_);
    } else {
      widen(first, upper_);
    }
    widen(first + 1, lower_);
    first_ = first;
  }
  const float* upper() const { return upper_.data(); }
  const float* lower() const { return lower_.data(); }

 private:
  void widen(int row, std::vector<float>& out) {
    pair_up(overlay_.cover.row(row), pairs_.size(), pairs_.data());
    interpolate(pairs_.data(), overlay_.columns.first.data(), overlay_.columns.share.data(),
                overlay_.opacity / 255, out.size(), out.data());
  }

  const Overlay& overlay_;
  std::vector<uint32_t> pairs_;  // of a row of the picture
  std::vector<float> upper_, lower_;
  int first_ = -2;
};

enum class Mode { add, subtract, multiply, lighten };
constexpr std::array<std::string_view, 4> kModes{"add", "subtract", "multiply", "lighten"};

Mode mode_of(const std::string& word) {
  const auto found = std::find(kModes.begin(), kModes.end(), word);
  if (found != kModes.end()) return static_cast<Mode>(found - kModes.begin());
  throw common::config_error("textures.modes: '" + word +
                             "' is none of add, subtract, multiply, lighten");
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
inline __attribute__((always_inline)) void lay_rows(const Overlay& overlay, Canvas& canvas,
                                                    Blend blend) {
  OverlayRows rows(overlay);
  for (int y = 0; y < canvas.gray.height; ++y) {
    rows.move_to(overlay.rows.first[static_cast<size_t>(y)]);
    const float share = overlay.rows.share[static_cast<size_t>(y)];
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

RESTORE_TARGET_CLONES void lay(const Overlay& overlay, Mode mode, Canvas& canvas) {
  switch (mode) {  // outside the loop over pixels, so that each of the four is vectorised
    case Mode::add: return lay_rows(overlay, canvas, [](float g, float d) { return g + d; });
    case Mode::subtract: return lay_rows(overlay, canvas, [](float g, float d) { return g - d; });
    case Mode::multiply:
      return lay_rows(overlay, canvas, [](float g, float d) { return g * (1 - d); });
    case Mode::lighten:
      return lay_rows(overlay, canvas, [](float g, float d) { return g < d ? d : g; });
  }
}

/// Where the photo begins along one side, in the picture or in its mirror image. If the photo fits
/// into one of the two, it lies in one: the eye sees the line where they meet.
double draw_start(int length, int source, double scale, common::KeyedRandom& random) {
  const double room = source - length / scale;
  if (room < 0) return random.uniform(0, 2 * source);
  const double mirrored = random.chance(0.5) ? source : 0;
  return mirrored + random.uniform(0, room);
}

Overlay draw_overlay(const Textures& textures, const DirtPicture& picture, const Canvas& canvas,
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
  if (modes.empty()) throw common::config_error("textures.modes names no mode");
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
    throw common::config_error(
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
    throw common::usage_error("ageing: the stage textures is on without pictures of dirt");
  }
  for (int64_t i = draw_count(textures.count, random); i > 0; --i) {
    const auto number = static_cast<size_t>(random.integer(static_cast<int64_t>(dirt.size())));
    const std::vector<Mode> modes = fitting_modes(textures, dirt[number].tone);
    const auto choice = static_cast<size_t>(random.integer(static_cast<int64_t>(modes.size())));
    lay(draw_overlay(textures, dirt[number], canvas, random), modes[choice], canvas);
  }
}

}  // namespace dataset::ageing
