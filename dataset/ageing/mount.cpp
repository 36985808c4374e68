#include "dataset/ageing/mount.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "dataset/ageing/marks.h"
#include "dataset/ageing/ranges.h"
#include "dataset/ageing/shapes.h"

namespace dataset::ageing {
namespace {

/// A rectangle with round corners, in pixels of the (tilted) print.
struct Frame {
  double left, top, right, bottom, radius;

  /// Distance from the rim, negative inside.
  double distance(double x, double y) const {
    const double dx = std::max(left + radius - x, x - (right - radius));
    const double dy = std::max(top + radius - y, y - (bottom - radius));
    return std::hypot(std::max(dx, 0.0), std::max(dy, 0.0)) + std::min(std::max(dx, dy), 0.0) -
           radius;
  }
};

struct Look {
  Frame window;  ///< the photograph shows inside
  Frame paper;   ///< the border lies between this and the window
  double angle = 0;
  Tone border{}, ground{};
  double grain = 0.01;    ///< of the border's and the ground's surface
  double wave = 0;        ///< pixels by which the paper's rim is cut unevenly, for deckled ones
  double wavelength = 1;  ///< pixels
  double shadow = 0;      ///< depth in pixels of the shadow around the window or the paper
  double line = 0;        ///< pixels of a dark line around the window; 0: none
  bool has_perforation = false;
};

double share_covered(double distance) { return std::clamp(0.5 - distance, 0.0, 1.0); }

Tone tinted(double level, double warmth) {
  return {static_cast<float>(level), static_cast<float>(level - 0.3 * warmth),
          static_cast<float>(level - warmth)};
}

/// Paper of any age and colour.
Tone draw_ground(common::KeyedRandom& random) {
  switch (random.integer(4)) {
    case 0: return tinted(random.uniform(0, 0.12), 0);
    case 1: return tinted(random.uniform(0.15, 0.6), random.uniform(0, 0.08));
    default: return tinted(random.uniform(0.85, 1), random.uniform(0, 0.1));
  }
}

/// The kinds differ in their numbers alone.
Look draw_look(MountKind kind, const Mount& mount, double width, double height,
               common::KeyedRandom& random) {
  const double side = std::min(width, height);
  const double rim = draw_skewed(mount.width, 2, random) * side;
  const auto even = [&](double margin, double radius) {
    return Frame{margin, margin, width - margin, height - margin, radius};
  };
  Look look{.window = even(rim, 0), .paper = even(-2, 0)};
  look.border = tinted(random.uniform(0.88, 1), random.uniform(0, 0.03));
  look.ground = draw_ground(random);
  look.grain = random.uniform(0, 0.015);
  if (random.chance(0.2)) look.line = random.uniform(0.5, 2) * side / 512;
  switch (kind) {
    case MountKind::white: break;
    case MountKind::cream:
      look.border = tinted(random.uniform(0.75, 0.97), random.uniform(0.06, 0.25));
      break;
    case MountKind::black: look.border = tinted(random.uniform(0, 0.1), 0); break;
    case MountKind::deckled:
      look.paper = even(random.uniform(0.008, 0.02) * side, 0);
      look.window = even(look.paper.left + std::max(rim, 0.015 * side), 0);
      look.wave = random.uniform(0.002, 0.008) * side;
      look.wavelength = random.uniform(3, 12) * look.wave;
      break;
    case MountKind::rounded:
      look.paper = even(random.uniform(0, 0.02) * side, random.uniform(0.02, 0.08) * side);
      look.window = even(look.paper.left + (random.chance(0.5) ? rim : 0), look.paper.radius * 0.8);
      break;
    case MountKind::polaroid:
      look.window = {rim, rim, width - rim, height - random.uniform(0.12, 0.22) * side, 0};
      look.shadow = random.uniform(0, 3) * side / 512;
      break;
    case MountKind::slide:
      look.window = even(random.uniform(0.06, 0.16) * side, random.uniform(0.01, 0.05) * side);
      look.border = random.chance(0.5) ? tinted(random.uniform(0.75, 1), 0.02)
                                       : tinted(random.uniform(0.05, 0.4), 0);
      look.shadow = random.uniform(1, 6) * side / 512;
      break;
    case MountKind::film:
      look.window = even(random.uniform(0.07, 0.13) * side, random.uniform(0, 0.01) * side);
      look.border = tinted(random.uniform(0, 0.1), 0);
      look.ground = tinted(random.uniform(0.85, 1), 0);
      look.has_perforation = true;
      break;
    case MountKind::album:  // paper corners hold the print: see draw_corners
      look.paper = even(random.uniform(0.02, 0.08) * side, 0);
      look.window = even(look.paper.left + (random.chance(0.6) ? rim : 0), 0);
      look.shadow = random.uniform(0, 4) * side / 512;
      break;
    case MountKind::tilted:
      look.angle = random.uniform(-0.05, 0.05);
      look.paper = even((0.02 + 0.55 * std::abs(look.angle)) * side, 0);
      look.window = even(look.paper.left + (random.chance(0.5) ? rim : 0), 0);
      break;
  }
  return look;
}

/// Holes along the two long sides, half the border wide.
double perforation_at(const Look& look, double width, double height, double x, double y) {
  const bool is_wide = width >= height;
  const double band = is_wide ? look.window.top : look.window.left;
  const double along = is_wide ? x : y,
               from_rim = is_wide ? std::min(y, height - y) : std::min(x, width - x);
  const double pitch = 0.9 * band, phase = along - pitch * std::floor(along / pitch);
  const Frame hole{0.28 * pitch, 0.25 * band, 0.72 * pitch, 0.8 * band, 0.1 * band};
  return share_covered(hole.distance(phase, from_rim));
}

void blend(Tone& tone, const Tone& over, double share) {
  for (size_t c = 0; c < 3; ++c) tone[c] += (over[c] - tone[c]) * static_cast<float>(share);
}

/// The triangles that hold a print on its page.
double corner_at(const Frame& paper, double size, double x, double y) {
  const double dx = std::min(std::abs(x - paper.left), std::abs(x - paper.right));
  const double dy = std::min(std::abs(y - paper.top), std::abs(y - paper.bottom));
  return share_covered(dx + dy - size);
}

void draw_mount(const Look& look, MountKind kind, common::KeyedRandom& random,
                MountedPhoto& mounted) {
  imaging::Photo& photo = mounted.photo;
  const double width = photo.width, height = photo.height;
  const double c = std::cos(look.angle), s = std::sin(look.angle);
  const double corner = random.uniform(0.04, 0.1) * std::min(width, height);
  const Tone corner_tone = draw_ground(random);
  const Noise grain(random.word()), wave(random.word());
  for (int y = 0; y < photo.height; ++y) {
    for (int x = 0; x < photo.width; ++x) {
      const double ox = x + 0.5 - width / 2, oy = y + 0.5 - height / 2;
      const double px = c * ox + s * oy + width / 2, py = c * oy - s * ox + height / 2;
      const double inside = look.window.distance(px, py);
      const double uneven =
          look.wave == 0 ? 0 : look.wave * wave.at(px / look.wavelength, py / look.wavelength);
      const double beyond = look.paper.distance(px, py) + uneven;
      double hidden = 1 - share_covered(inside);
      Tone tone = look.border;
      if (look.line > 0 && inside < look.line) tone = {0.15F, 0.14F, 0.13F};
      if (look.has_perforation) {
        blend(tone, look.ground, perforation_at(look, width, height, x + 0.5, y + 0.5));
      }
      blend(tone, look.ground, 1 - share_covered(beyond));
      if (kind == MountKind::album) {
        const double held = corner_at(look.paper, corner, px, py);
        blend(tone, corner_tone, held);
        hidden = std::max(hidden, held);
      }
      const double depth = kind == MountKind::album ? beyond : inside;
      if (look.shadow > 0 && depth > 0) blend(tone, {}, 0.35 * std::exp(-depth / look.shadow));
      if (hidden <= 0) continue;
      const double rough = 1 + look.grain * grain.rough_at(x * 0.7, y * 0.7);
      for (float& level : tone) level = static_cast<float>(std::clamp(level * rough, 0.0, 1.0));
      lay_tone(photo, x, y, tone, hidden);
      mounted.surround[static_cast<size_t>(y) * static_cast<size_t>(photo.width) +
                       static_cast<size_t>(x)] = static_cast<uint8_t>(std::lround(255 * hidden));
    }
  }
}

/// Writing on the broadest side of the border, where there is room.
void write_caption(const Look& look, common::KeyedRandom& random, imaging::Photo& photo) {
  const double below = photo.height - look.window.bottom, above = look.window.top;
  const double room = std::max(below, above);
  const double size = 0.4 * room;
  if (size < 4) return;
  const double middle = below >= above ? photo.height - 0.5 * room : 0.5 * room;
  const double level = (look.border[0] + look.border[1] + look.border[2]) / 3;
  write_line({.x = random.uniform(0.05, 0.5) * photo.width,
              .y = middle + 0.5 * size,
              .size = size,
              .length = random.uniform(0.1, 0.45) * photo.width,
              .angle = look.angle + 0.01 * random.normal(),
              .ink = level > 0.5 ? draw_dark_ink(random)
                                 : tinted(random.uniform(0.7, 1), random.uniform(0, 0.3)),
              .is_printed = random.chance(0.4)},
             random, photo);
}

}  // namespace

void Mount::validate() const {
  check_probability("mount.probability", probability);
  check_range("mount.width", width, 0, 0.4);
  check_probability("mount.captioned", captioned);
  check_probability("mount.written", written);
  check_probability("mount.wired", wired);
  check_probability("mount.starred", starred);
}

MountedPhoto mount_photo(imaging::Photo photo, MountKind kind, const Mount& mount,
                         common::KeyedRandom& random) {
  MountedPhoto mounted{std::move(photo), {}};
  const auto& [width, height, rgb] = mounted.photo;
  mounted.surround.assign(rgb.size() / 3, 0);
  const Look look = draw_look(kind, mount, width, height, random);
  draw_mount(look, kind, random, mounted);
  if (random.chance(mount.captioned)) write_caption(look, random, mounted.photo);
  return mounted;
}

imaging::Photo make_print(imaging::Photo photo, const Mount& mount, uint64_t key) {
  common::KeyedRandom random(key);
  if (random.chance(mount.starred)) draw_stars(random, photo);
  if (random.chance(mount.wired)) draw_wires(random, photo);
  if (random.chance(mount.written)) write_on_photo(random, photo);
  if (!random.chance(mount.probability)) return photo;
  const auto kind = static_cast<MountKind>(random.integer(kMountNames.size()));
  return mount_photo(std::move(photo), kind, mount, random).photo;
}

}  // namespace dataset::ageing
