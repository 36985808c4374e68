#include "dataset/ageing/marks.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "dataset/ageing/ranges.h"
#include "dataset/ageing/stroke.h"

namespace dataset::ageing {
namespace {

void lay_mask(imaging::Photo& photo, const Mask& mask, const Tone& tone, double opacity) {
  for (int y = mask.top(); y < mask.bottom(); ++y) {
    for (int x = mask.left(); x < mask.right(); ++x) {
      const double covered = opacity * mask.row(y)[x - mask.left()];
      if (covered > 0) lay_tone(photo, x, y, tone, covered);
    }
  }
}

/// Where the pen goes within one letter: three points of a cell that is 1 high above the line.
struct Point {
  double x, y;
};

/// Strokes of one letter. Printed: two or three straight bars on a grid; written: a loop.
std::vector<std::vector<Point>> draw_letter(bool is_printed, common::KeyedRandom& random) {
  const double top = random.chance(0.35) ? 1 : 0.6;  // tall letters and small ones
  std::vector<std::vector<Point>> strokes;
  if (is_printed) {
    const auto grid = [&] {
      return Point{0.3 * static_cast<double>(random.integer(3)),
                   top * 0.5 * static_cast<double>(random.integer(3))};
    };
    strokes.push_back({{0.05, 0}, {0.05, top}});
    for (int64_t i = random.integer(2) + 1; i > 0; --i) strokes.push_back({grid(), grid()});
    return strokes;
  }
  std::vector<Point> loop;
  const double height = random.chance(0.12) ? -0.5 : top, lean = random.uniform(0.1, 0.3);
  for (int i = 0; i <= 8; ++i) {
    const double turn = 2 * std::numbers::pi * i / 8 * random.uniform(0.9, 1.1);
    const double y = height * 0.5 * (1 - std::cos(turn));
    loop.push_back({i / 8.0 * 0.55 + 0.16 * std::sin(turn) + lean * y, y});
  }
  strokes.push_back(std::move(loop));
  return strokes;
}

/// A tone over all rows above `rim`, which fades out over `softness` pixels.
void lay_above(imaging::Photo& photo, double rim, double softness, const Tone& tone,
               double opacity) {
  for (int y = 0; y < photo.height; ++y) {
    const double share = std::clamp((rim - y) / softness + 0.5, 0.0, 1.0);
    for (int x = 0; x < photo.width && share > 0; ++x) {
      lay_tone(photo, x, y, tone, opacity * share);
    }
  }
}

/// The page that strokes are drawn on: they need its size alone.
Channel page_of(const imaging::Photo& photo) { return {photo.width, photo.height}; }

void draw_bar(Point from, Point to, double radius, const Tone& ink, imaging::Photo& photo) {
  lay_mask(photo,
           draw_stroke(page_of(photo), {{from.x, from.y, radius, 1}, {to.x, to.y, radius, 1}}), ink,
           1);
}

/// Five lines, and notes on them; `size` is the height of the staff.
void write_staff(const Writing& staff, common::KeyedRandom& random, imaging::Photo& photo) {
  const double gap = staff.size / 4, right = staff.x + staff.length;
  const double thin = std::max(0.3, 0.05 * gap);
  for (int line = 0; line < 5; ++line) {
    const double y = staff.y - line * gap;
    draw_bar({staff.x, y}, {right, y}, thin, staff.ink, photo);
  }
  for (double x = staff.x + 2 * gap; x < right; x += gap * random.uniform(1.5, 5)) {
    if (random.chance(0.12)) {  // a bar line
      draw_bar({x, staff.y}, {x, staff.y - 4 * gap}, thin, staff.ink, photo);
      continue;
    }
    const double y = staff.y - gap * random.uniform(-1, 5), stem = random.chance(0.5) ? -1 : 1;
    lay_mask(photo,
             draw_blob(page_of(photo), {.x = x,
                                        .y = y,
                                        .radius = 0.52 * gap,
                                        .elongation = 1.4,
                                        .angle = -0.4,
                                        .roughness = 0}),
             staff.ink, 1);
    const double side = x - stem * 0.55 * gap;
    draw_bar({side, y}, {side, y + stem * 3 * gap}, thin, staff.ink, photo);
  }
}

}  // namespace

void lay_tone(imaging::Photo& photo, int x, int y, const Tone& tone, double opacity) {
  const size_t plane = photo.rgb.size() / 3;
  const size_t at =
      static_cast<size_t>(y) * static_cast<size_t>(photo.width) + static_cast<size_t>(x);
  for (size_t c = 0; c < 3; ++c) {
    uint8_t& level = photo.rgb[c * plane + at];
    level = static_cast<uint8_t>(std::lround(level + (255.0 * tone[c] - level) * opacity));
  }
}

Tone draw_dark_ink(common::KeyedRandom& random) {
  const auto level = [&](double most) { return static_cast<float>(random.uniform(0, most)); };
  return random.chance(0.6) ? Tone{level(0.2), level(0.2), level(0.25)}
                            : Tone{level(0.2), level(0.25), level(0.6)};
}

void write_line(const Writing& writing, common::KeyedRandom& random, imaging::Photo& photo) {
  const Channel page = page_of(photo);
  const double c = std::cos(writing.angle), s = std::sin(writing.angle);
  const double radius = std::max(0.3, writing.size * random.uniform(0.035, 0.08));
  double along = 0;
  while (along < writing.length) {
    for (const auto& stroke : draw_letter(writing.is_printed, random)) {
      std::vector<StrokePoint> points;
      for (const Point& point : stroke) {
        const double x = along + point.x * writing.size, y = -point.y * writing.size;
        points.push_back({writing.x + c * x - s * y, writing.y + s * x + c * y, radius, 1});
      }
      lay_mask(photo, draw_stroke(page, points), writing.ink, 1);
    }
    along += writing.size * (writing.is_printed ? 0.75 : 0.5);
    if (random.chance(0.18)) along += 0.6 * writing.size;  // a word ends
  }
}

void write_on_photo(common::KeyedRandom& random, imaging::Photo& photo) {
  const double side = std::min(photo.width, photo.height);
  const bool is_page = random.chance(0.2), is_music = is_page && random.chance(0.4);
  Writing writing;
  writing.is_printed = random.chance(0.5);
  writing.size = random.uniform(0.015, is_page ? 0.04 : 0.08) * (is_music ? 3 : 1) * side;
  writing.ink = draw_dark_ink(random);
  if (!is_page && random.chance(0.6)) {
    const float white = static_cast<float>(random.uniform(0.85, 1));
    writing.ink = {white, white, white};
  }
  writing.angle = 0.02 * random.normal();
  const double pitch = random.uniform(1.5, 2.2) * writing.size;
  const double left = random.uniform(0.03, 0.4) * photo.width;
  double y = random.uniform(0.1, 0.95) * photo.height;
  if (is_page) y = 2 * pitch;
  if (is_page && random.chance(0.7)) {
    const auto level = static_cast<float>(random.uniform(0.75, 1));
    lay_above(photo, 2.0 * photo.height, 1, {level, level, 0.95F * level}, 1);
  }
  const auto num_lines =
      is_page ? static_cast<int64_t>(0.9 * photo.height / pitch) : random.integer(3) + 1;
  for (int64_t line = 0; line < num_lines; ++line, y += pitch) {
    writing.x = left;
    writing.y = y;
    writing.length =
        (is_page ? random.uniform(0.7, 1) : random.uniform(0.1, 0.6)) * (photo.width - left);
    if (is_music) {
      write_staff(writing, random, photo);
      y += pitch;
    } else {
      write_line(writing, random, photo);
    }
  }
}

void draw_wires(common::KeyedRandom& random, imaging::Photo& photo) {
  const Channel page = page_of(photo);
  const double unit = std::min(photo.width, photo.height) / 512.0;
  const bool is_dark = random.chance(0.7);
  const auto level =
      static_cast<float>(is_dark ? random.uniform(0, 0.25) : random.uniform(0.75, 1));
  const double radius = std::max(0.4, random.uniform(0.4, 2) * unit);
  const double angle =
      random.chance(0.5) ? 0.2 * random.normal() : std::numbers::pi / 2 + 0.05 * random.normal();
  const double start = random.uniform(0.1, 0.7), gap = random.uniform(8, 60) * unit;
  const double reach = photo.width + photo.height, sag = random.uniform(0, 0.0006) / unit;
  for (int64_t i = random.integer(5); i >= 0; --i) {
    Path path;
    path.angle = angle;
    path.length = 2 * reach;
    path.step = std::max(4.0, 12 * unit);
    path.curvature = sag / 2;
    const double across = static_cast<double>(i) * gap;
    path.x = start * photo.width - 0.5 * path.length * std::cos(angle) - across * std::sin(angle);
    path.y = start * photo.height - 0.5 * path.length * std::sin(angle) + across * std::cos(angle);
    std::vector<StrokePoint> points = wander(path, random);
    for (StrokePoint& point : points) point.radius = radius;
    lay_mask(photo, draw_stroke(page, points), {level, level, level}, 1);
  }
}

void draw_stars(common::KeyedRandom& random, imaging::Photo& photo) {
  const Channel page = page_of(photo);
  const double unit = std::min(photo.width, photo.height) / 512.0;
  const double horizon = random.uniform(0.3, 1.8) * photo.height;
  const auto night = static_cast<float>(random.uniform(0, 0.2));
  lay_above(photo, horizon, random.uniform(0.02, 0.4) * photo.height, {night, night, night},
            random.uniform(0.8, 1));
  const double most = random.uniform(0.4, 2.5) * unit;
  for (auto i = static_cast<int64_t>(draw_skewed({5, 600}, 2, random)); i > 0; --i) {
    const double size = draw_skewed({0.35, std::max(0.36, most)}, 2, random);
    const Mask star = draw_blob(page, {.x = random.uniform(0, photo.width),
                                       .y = random.uniform(0, horizon),
                                       .radius = size,
                                       .roughness = 0,
                                       .softness = std::max(1.0, size)});
    lay_mask(photo, star, {1, 1, 1}, random.uniform(0.3, 1));
  }
}

}  // namespace dataset::ageing
