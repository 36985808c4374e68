#include "dataset/ageing/age_photo.h"

#include <fmt/format.h>

#include "common/error.h"

namespace dataset::ageing {
namespace {

common::KeyedRandom random_of(const char* stage, const AgeingKey& key) {
  return common::KeyedRandom(common::random_key(stage, {key.seed, key.photo, key.variant}));
}

template <class Stage, class... Needs>
void run(const char* name, const Stage& stage, const AgeingKey& key, Canvas& canvas,
         const Needs&... needs) {
  common::KeyedRandom random = random_of(name, key);
  if (random.chance(stage.probability)) apply(stage, needs..., canvas, random);
}

void check(const imaging::Photo& photo) {
  const auto num_pixels = static_cast<size_t>(photo.width) * static_cast<size_t>(photo.height);
  if (photo.width >= 1 && photo.height >= 1 && photo.rgb.size() == 3 * num_pixels) return;
  throw common::corrupt_error(
      fmt::format("ageing: a photo of {} x {} pixels with {} bytes; expected three "
                  "planes of at least one pixel",
                  photo.width, photo.height, photo.rgb.size()));
}

/// The scratches and holes of a picture, which Damage::dense makes different if it `ages`.
void set_apart(bool ages, double dense, Scratches& scratches, Holes& holes) {
  if (dense == 1) return;
  if (ages) {
    scratches.cut = holes.even = 0;
    return;
  }
  for (common::Range* count : {&scratches.count, &holes.count}) {
    count->low *= dense;
    count->high *= dense;
  }
}

/// 255 x (1 - intact).
std::vector<uint8_t> damage_of(Channel intact) {
  for (float& value : intact.values) value = 1 - value;
  return to_bytes(intact);
}

}  // namespace

AgedPhoto age_photo(const imaging::Photo& photo, const Recipe& recipe, const DirtPictures& dirt,
                    const AgeingKey& key) {
  check(photo);
  const bool ages = !random_of("age", key).chance(recipe.age.none);
  common::KeyedRandom film = random_of("gray", key);
  Canvas canvas = expose(photo, ages ? recipe.gray : Gray{}, film);
  if (ages) {
    run("fading", recipe.fading, key, canvas);
    run("blur", recipe.blur, key, canvas);
    run("grain", recipe.grain, key, canvas);
  }
  common::KeyedRandom luck = random_of("damage", key);
  if (!luck.chance(recipe.damage.undamaged) && (ages || !luck.chance(recipe.damage.spared))) {
    Scratches scratches = recipe.scratches;
    Holes holes = recipe.holes;
    set_apart(ages, recipe.damage.dense, scratches, holes);
    run("dust", recipe.dust, key, canvas);
    run("scratches", scratches, key, canvas);
    run("creases", recipe.creases, key, canvas);
    run("holes", holes, key, canvas);
    run("stains", recipe.stains, key, canvas);
    run("textures", recipe.textures, key, canvas, dirt);
  }
  if (ages) run("scan", recipe.scan, key, canvas);
  return {photo.width, photo.height, to_bytes(canvas.gray), damage_of(std::move(canvas.intact))};
}

imaging::Photo make_print(imaging::Photo photo, const Recipe& recipe, const AgeingKey& key) {
  return make_print(std::move(photo), recipe.mount,
                    common::random_key("mount", {key.seed, key.photo, key.variant}));
}

}  // namespace dataset::ageing
