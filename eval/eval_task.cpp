#include "eval/eval_task.h"

#include <array>
#include <cmath>
#include <filesystem>
#include <set>

#include "common/error.h"
#include "imaging/dirt_reader.h"

namespace eval {
namespace {

namespace ageing = dataset::ageing;
using Kind = EvalTask::Kind;

struct NamedPattern {
  const char* name;
  HolePattern pattern;
};
using Shape = HolePattern::Shape;
const std::array kPatterns{
    NamedPattern{"scratches", {Shape::line, {30, 60}, {1, 4}, {40, 300}, 0.02}},
    NamedPattern{"strokes", {Shape::line, {4, 12}, {5, 24}, {20, 160}, 0.15}},
    NamedPattern{"holes", {Shape::blotch, {8, 14}, {20, 80}, {}, 0}}};

EvalTask own_task(const std::string& name, Kind kind) {
  EvalTask task;
  task.name = name;
  task.kind = kind;
  return task;
}

EvalTask task_named(const std::string& name) {
  if (name == "colour") return own_task(name, Kind::colour);
  if (name == "clean") return own_task(name, Kind::clean);
  for (const NamedPattern& known : kPatterns) {
    if (name != known.name) continue;
    EvalTask task = own_task(name, Kind::inpainting);
    task.holes = known.pattern;
    return task;
  }
  try {
    return recipe_task(name);
  } catch (const common::Error& error) {
    throw common::Error(error.kind(), "--task " + name +
                                          ": neither scratches, strokes, holes, colour or clean, "
                                          "nor a recipe that can be used: " +
                                          error.what());
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

void age(const EvalTask& task, const ageing::AgeingKey& key, Sample& sample) {
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

bool EvalTask::takes_two_stages() const {
  return kind == Kind::colour || (kind == Kind::recipe && draws_damage());
}

EvalTask recipe_task(const std::string& name_or_file) {
  EvalTask task;
  task.recipe = ageing::load_recipe(name_or_file);
  task.name = task.recipe.name;
  task.dirt = ageing::load_dirt(task.recipe.textures, imaging::read_dirt_pictures);
  return task;
}

std::vector<EvalTask> eval_tasks(const std::vector<std::string>& names) {
  std::vector<EvalTask> tasks;
  std::set<std::string> taken;
  for (const std::string& name : names) {
    tasks.push_back(task_named(name));
    if (taken.insert(tasks.back().name).second) continue;
    throw common::Error(common::ErrorKind::usage,
                        "--task: '" + tasks.back().name + "' is there twice; name each task once");
  }
  return tasks;
}

Sample make_sample(const EvalTask& task, imaging::Photo photo, const ageing::AgeingKey& key) {
  Sample sample{std::move(photo), {}, {}, {}};
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
