#include "dataset/ageing/dirt.h"

#include <algorithm>
#include <numeric>

#include "common/hash.h"
#include "common/random.h"
#include "dataset/ageing/dust.h"
#include "dataset/ageing/scratches.h"
#include "dataset/ageing/stains.h"

namespace dataset::ageing {
namespace {

Cover transposed(const Cover& cover) {
  Cover result{cover.height, cover.width, std::vector<uint8_t>(cover.values.size())};
  uint8_t* to = result.values.data();
  for (int x = 0; x < cover.width; ++x) {
    for (int y = 0; y < cover.height; ++y) *to++ = cover.row(y)[x];
  }
  return result;
}

uint8_t inverse(uint8_t level) { return static_cast<uint8_t>(255 - level); }

bool has_light_ground(const std::vector<uint8_t>& gray) {
  std::vector<uint8_t> levels = gray;
  const auto middle = levels.begin() + static_cast<std::ptrdiff_t>(levels.size() / 2);
  std::nth_element(levels.begin(), middle, levels.end());
  return *middle > 127;
}

/// Whether the picture, weighted by alpha, is lighter than middle gray.
bool is_light(const imaging::GrayPicture& picture) {
  const int64_t alphas = std::accumulate(picture.alpha.begin(), picture.alpha.end(), int64_t{0});
  const int64_t grays = std::inner_product(picture.gray.begin(), picture.gray.end(),
                                           picture.alpha.begin(), int64_t{0});
  return 2 * grays > 255 * alphas;
}

DirtTone tone_of(const imaging::GrayPicture& picture) {
  if (picture.alpha.empty()) return DirtTone::either;
  return is_light(picture) ? DirtTone::lightens : DirtTone::darkens;
}

constexpr int kDrawnSide = 1024;  // pixels

/// The damage that a stage does to an empty picture.
template <class... Stages>
DirtPicture picture_of(uint64_t number, const Stages&... stages) {
  Canvas canvas(kDrawnSide, kDrawnSide);
  common::KeyedRandom random(common::random_key("drawn dirt", {number}));
  (apply(stages, canvas, random), ...);
  for (float& intact : canvas.intact.values) intact = 1 - intact;
  return to_dirt({kDrawnSide, kDrawnSide, to_bytes(canvas.intact), {}});
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

std::string DirtPictures::checksum() const {
  if (pictures_.empty()) return {};
  common::Xxh3Stream stream;
  for (const auto& [tone, upright, turned] : pictures_) {
    const int32_t header[]{static_cast<int32_t>(tone), upright.width, upright.height};
    stream.update(header, sizeof header);
    stream.update(upright.values.data(), upright.values.size());
  }
  return common::hex64(stream.digest());
}

DirtPicture to_dirt(const imaging::GrayPicture& picture) {
  const DirtTone tone = tone_of(picture);
  Cover cover{picture.width, picture.height, picture.gray};
  const bool inverts =
      tone == DirtTone::either ? has_light_ground(picture.gray) : tone == DirtTone::darkens;
  if (inverts)
    std::transform(cover.values.begin(), cover.values.end(), cover.values.begin(), inverse);
  for (size_t i = 0; i < picture.alpha.size(); ++i) {
    cover.values[i] = static_cast<uint8_t>((cover.values[i] * picture.alpha[i] + 127) / 255);
  }
  Cover turned = transposed(cover);
  return {tone, std::move(cover), std::move(turned)};
}

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
