#include "common/random.h"
#include "dataset/ageing/dirt.h"
#include "dataset/ageing/dust.h"
#include "dataset/ageing/scratches.h"
#include "dataset/ageing/stains.h"

namespace dataset::ageing {
namespace {

constexpr int kSide = 1024;  // pixels

/// The damage that a stage does to an empty picture.
template <class... Stages>
DirtPicture picture_of(uint64_t number, const Stages&... stages) {
  Canvas canvas(kSide, kSide);
  common::KeyedRandom random(common::random_key("drawn dirt", {number}));
  (apply(stages, canvas, random), ...);
  for (float& intact : canvas.intact.values) intact = 1 - intact;
  return to_dirt({kSide, kSide, to_bytes(canvas.intact), {}});
}

Dust specks() {
  Dust dust;
  dust.dust_count = {300, 700};
  dust.dirt_count = {100, 200};
  dust.short_hair_count = dust.long_hair_count = {0, 0};
  dust.size = {0.7, 1.5};
  return dust;
}

Dust hairs() {
  Dust dust;
  dust.dust_count = dust.dirt_count = {0, 0};
  dust.short_hair_count = {60, 90};
  dust.long_hair_count = {20, 40};
  dust.size = {0.8, 1.5};
  return dust;
}

Scratches long_scratches() {
  Scratches scratches;
  scratches.count = {25, 40};
  scratches.length = {0.2, 1.1};
  scratches.width = {0.5, 1.5};
  return scratches;
}

Stains strong_stains() {
  Stains stains;
  stains.count = {6, 10};
  stains.size = {10, 110};
  stains.alpha = {0.2, 0.6};
  return stains;
}

}  // namespace

DirtPictures draw_dirt_pictures() {
  std::vector<DirtPicture> pictures;
  pictures.push_back(picture_of(0, specks()));
  pictures.push_back(picture_of(1, hairs()));
  pictures.push_back(picture_of(2, long_scratches()));
  pictures.push_back(picture_of(3, strong_stains()));
  pictures.push_back(picture_of(4, specks(), hairs(), long_scratches()));
  return DirtPictures(std::move(pictures));
}

}  // namespace dataset::ageing
