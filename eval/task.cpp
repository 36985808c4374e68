#include "eval/task.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "common/error.h"
#include "dataset/ageing/ranges.h"
#include "dataset/ageing/stroke.h"
#include "imaging/photo_reader.h"

namespace eval {
namespace {

namespace ageing = dataset::ageing;
using Kind = EvalTask::Kind;

const std::string kBorder = "border";
// Every border has a caption, where there is room.
const ageing::Mount kEvalMount{.width = {0.02, 0.12}, .captioned = 1};
constexpr double kWidthSkew = 0.3;  // wide shapes more often: the density grows with the width

double draw_tone(common::KeyedRandom& random) {
  switch (random.integer(4)) {
    case 0: return random.uniform(0, 0.2);
    case 1: return random.uniform(0.2, 0.75);
    default: return random.uniform(0.75, 1);
  }
}

/// A line of one width through a point anywhere in the picture, half of its length on either side.
ageing::Mask draw_line(const HolePattern& pattern, const ageing::Channel& picture,
                       common::KeyedRandom& random) {
  const double width = ageing::draw_skewed(pattern.width, kWidthSkew, random);
  ageing::Path path;
  path.angle = ageing::draw_angle(random);
  path.length = ageing::draw(pattern.length, random);
  path.x = random.uniform(0, picture.width) - 0.5 * path.length * std::cos(path.angle);
  path.y = random.uniform(0, picture.height) - 0.5 * path.length * std::sin(path.angle);
  path.step = std::max(2.0, 0.4 * width);
  path.drift = pattern.drift;
  std::vector<ageing::StrokePoint> points = ageing::wander(path, random);
  for (ageing::StrokePoint& point : points) point.radius = width / 2;
  return ageing::draw_stroke(picture, points);
}

ageing::Mask draw_blotch(const HolePattern& pattern, const ageing::Channel& picture,
                         common::KeyedRandom& random) {
  ageing::Blob blob;
  blob.x = random.uniform(0, picture.width);
  blob.y = random.uniform(0, picture.height);
  blob.radius = ageing::draw_skewed(pattern.width, kWidthSkew, random) / 2;
  blob.elongation = random.uniform(1, 1.3);
  blob.angle = ageing::draw_angle(random);
  blob.roughness = random.uniform(0.05, 0.2);
  blob.noise = ageing::Noise(random.word());
  return ageing::draw_blob(picture, blob);
}

/// Hard edges: a pixel is gone if the shape covers at least half of it.
void cut(const ageing::Mask& mask, float tone, imaging::Plane& picture, imaging::Plane& holes) {
  for (int y = mask.top(); y < mask.bottom(); ++y) {
    const float* coverage = mask.row(y);
    for (int x = mask.left(); x < mask.right(); ++x) {
      if (coverage[x - mask.left()] < 0.5F) continue;
      picture.row(y)[x] = tone;
      holes.row(y)[x] = 1;
    }
  }
}

struct NamedPattern {
  const char* name;
  HolePattern pattern;
};
using Shape = HolePattern::Shape;
const std::array kPatterns{
    NamedPattern{"scratches", {Shape::line, {30, 60}, {1, 4}, {40, 300}, 0.02}},
    NamedPattern{"strokes", {Shape::line, {4, 12}, {5, 24}, {20, 160}, 0.15}},
    NamedPattern{"holes", {Shape::blotch, {8, 14}, {20, 80}, {}, 0}}};

EvalTask recipe_task(const std::string& name_or_file) {
  EvalTask task;
  task.recipe = ageing::load_recipe(name_or_file);
  task.name = task.recipe.name;
  task.dirt = ageing::load_dirt(task.recipe.textures, imaging::read_dirt_pictures);
  return task;
}

EvalTask task_named(const std::string& name) {
  EvalTask task;
  task.name = name;
  if (name == "colourise" || name == "clean") {
    task.kind = name == "clean" ? Kind::clean : Kind::colourise;
    return task;
  }
  for (size_t kind = 0; kind < ageing::kMountNames.size(); ++kind) {
    if (name != kBorder + "-" + std::string(ageing::kMountNames[kind])) continue;
    task.kind = Kind::border;
    task.mount = static_cast<ageing::MountKind>(kind);
    return task;
  }
  for (const NamedPattern& known : kPatterns) {
    if (name != known.name) continue;
    task.kind = Kind::inpainting;
    task.holes = known.pattern;
    return task;
  }
  try {
    return recipe_task(name);
  } catch (const common::Error& error) {
    throw common::Error(error.kind(), "--task " + name +
                                          ": neither scratches, strokes, holes, colourise, "
                                          "clean or border (one mount: border-" +
                                          std::string(ageing::kMountNames.front()) +
                                          ", ..., border-" +
                                          std::string(ageing::kMountNames.back()) +
                                          "), nor a recipe that can be used: " + error.what());
  }
}

/// What an 8-bit file would hold: every method gets the same levels, also one that reads files.
imaging::Plane eight_bit(imaging::Plane plane) {
  for (float& value : plane.values) value = std::nearbyint(value * 255) / 255;
  return plane;
}

imaging::Plane gray_plane(const std::vector<uint8_t>& gray, int64_t height, int64_t width) {
  imaging::Plane plane(height, width);
  for (size_t i = 0; i < gray.size(); ++i) plane.values[i] = static_cast<float>(gray[i]) / 255;
  return plane;
}

/// The names with `border` spelt out.
std::vector<std::string> spelt_out(const std::vector<std::string>& names) {
  std::vector<std::string> all;
  for (const std::string& name : names) {
    if (name != kBorder) {
      all.push_back(name);
      continue;
    }
    for (const std::string_view kind : ageing::kMountNames) {
      all.push_back(kBorder + "-" + std::string(kind));
    }
  }
  return all;
}

void mount(const EvalTask& task, const ageing::AgeingKey& key, EvalSample& sample) {
  common::KeyedRandom random(common::random_key(task.name, {key.seed, key.photo, key.variant}));
  auto mounted = ageing::mount_photo(std::move(sample.photo), task.mount, kEvalMount, random);
  sample.photo = std::move(mounted.photo);
  sample.border = gray_plane(mounted.surround, sample.photo.height, sample.photo.width);
}

void age(const EvalTask& task, const ageing::AgeingKey& key, EvalSample& sample) {
  const auto aged = ageing::age_photo(sample.photo, task.recipe, task.dirt, key);
  sample.aged = gray_plane(aged.aged, aged.height, aged.width);
  ageing::add_awgn(task.recipe.awgn, common::random_key("awgn", {key.seed, key.photo, key.variant}),
                   aged.is_damaged(), sample.aged.values.data(), sample.aged.values.size());
  if (task.draws_damage()) sample.damage = gray_plane(aged.damage, aged.height, aged.width);
}

}  // namespace

bool EvalTask::draws_damage() const {
  if (kind != Kind::recipe) return kind == Kind::inpainting;
  return recipe.dust.probability > 0 || recipe.scratches.probability > 0 ||
         recipe.creases.probability > 0 || recipe.holes.probability > 0 ||
         recipe.stains.probability > 0 || recipe.textures.probability > 0;
}

bool EvalTask::has_colours() const {
  return kind == Kind::colourise || (kind == Kind::recipe && draws_damage());
}

std::vector<EvalTask> eval_tasks(const std::vector<std::string>& names) {
  std::vector<EvalTask> tasks;
  std::set<std::string> taken;
  for (const std::string& name : spelt_out(names)) {
    tasks.push_back(task_named(name));
    if (taken.insert(tasks.back().name).second) continue;
    throw common::usage_error("--task: '" + tasks.back().name +
                              "' is there twice; name each task once");
  }
  return tasks;
}

imaging::Plane cut_holes(const HolePattern& pattern, uint64_t key, imaging::Plane& picture) {
  common::KeyedRandom random(key);
  imaging::Plane holes(picture.height, picture.width);
  const ageing::Channel page(static_cast<int>(picture.width), static_cast<int>(picture.height));
  const double area = static_cast<double>(picture.values.size()) / kPatternPixels;
  const auto drawn = static_cast<double>(ageing::draw_count(pattern.count, random));
  for (int64_t left = std::max<int64_t>(1, std::llround(drawn * area)); left > 0; --left) {
    const ageing::Mask mask = pattern.shape == HolePattern::Shape::line
                                  ? draw_line(pattern, page, random)
                                  : draw_blotch(pattern, page, random);
    cut(mask, static_cast<float>(draw_tone(random)), picture, holes);
  }
  return holes;
}

EvalSample make_sample(const EvalTask& task, imaging::Photo photo, const ageing::AgeingKey& key) {
  EvalSample sample{std::move(photo), {}, {}, {}, {}};
  if (task.kind == Kind::border) mount(task, key, sample);
  if (task.kind == Kind::recipe) {
    sample.photo = ageing::make_print(std::move(sample.photo), task.recipe, key);
  }
  sample.clean = eight_bit(luma_plane(sample.photo));
  if (task.kind == Kind::recipe) {
    age(task, key, sample);
    return sample;
  }
  sample.aged = sample.clean;
  if (task.kind == Kind::inpainting) {
    const uint64_t stream =
        common::random_key("inpainting " + task.name, {key.seed, key.photo, key.variant});
    sample.damage = cut_holes(task.holes, stream, sample.aged);
    sample.aged = eight_bit(std::move(sample.aged));  // the tones of the holes
  }
  return sample;
}

imaging::Plane luma_plane(const imaging::Photo& photo) {
  imaging::Plane luma(photo.height, photo.width);
  const size_t num_pixels = luma.values.size();
  const uint8_t* red = photo.rgb.data();
  const uint8_t* green = red + num_pixels;
  const uint8_t* blue = green + num_pixels;
  for (size_t i = 0; i < num_pixels; ++i) {
    luma.values[i] = imaging::luma_of(red[i], green[i], blue[i]) / 255;
  }
  return luma;
}

}  // namespace eval
