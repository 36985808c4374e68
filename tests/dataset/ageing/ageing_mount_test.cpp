#include <gtest/gtest.h>

#include <algorithm>

#include "dataset/ageing/age_photo.h"
#include "tests/dataset/ageing/synthetic_photos.h"

namespace dataset::ageing {
namespace {

constexpr int kWidth = 240, kHeight = 180;

MountedPhoto mounted(MountKind kind, uint64_t key) {
  common::KeyedRandom random(key);
  const Mount mount{.captioned = 0};
  return mount_photo(flat_photo(kWidth, kHeight, 128, 90, 60), kind, mount, random);
}

double share_hidden(const MountedPhoto& picture) {
  const auto hidden = std::count_if(picture.surround.begin(), picture.surround.end(),
                                    [](uint8_t value) { return value > 0; });
  return static_cast<double>(hidden) / static_cast<double>(picture.surround.size());
}

TEST(Mount, HidesTheRimAndLeavesTheRestOfThePhotograph) {
  for (size_t kind = 0; kind < kMountNames.size(); ++kind) {
    for (uint64_t key = 0; key < 12; ++key) {
      const MountedPhoto picture = mounted(static_cast<MountKind>(kind), key);
      const double share = share_hidden(picture);
      EXPECT_GT(share, 0) << kMountNames[kind] << key;
      EXPECT_LT(share, 0.8) << kMountNames[kind] << key;
      const size_t plane = picture.surround.size();
      for (size_t i = 0; i < plane; ++i) {
        if (picture.surround[i] > 0) continue;
        ASSERT_EQ(picture.photo.rgb[i], 128) << kMountNames[kind] << key;
        ASSERT_EQ(picture.photo.rgb[plane + i], 90);
        ASSERT_EQ(picture.photo.rgb[2 * plane + i], 60);
      }
      EXPECT_EQ(picture.surround[plane / 2 + kWidth / 2], 0) << "the middle is the photograph's";
    }
  }
}

TEST(Mount, HasTheToneOfItsKind) {
  const auto corner = [](MountKind kind) { return mounted(kind, 5).photo.rgb[0]; };
  EXPECT_GT(corner(MountKind::white), 215);
  EXPECT_LT(corner(MountKind::black), 30);
  const MountedPhoto cream = mounted(MountKind::cream, 5);
  EXPECT_GT(cream.photo.rgb[0], cream.photo.rgb[2 * cream.surround.size()] + 10) << "warm";
}

TEST(Mount, IsInTheCleanPictureAndIsNoDamage) {
  Recipe recipe;
  recipe.mount.probability = recipe.mount.written = recipe.mount.wired = recipe.mount.starred = 1;
  const imaging::Photo photo = flat_photo(kWidth, kHeight, 128, 128, 128);
  const AgeingKey key{3, 1, 4};
  const imaging::Photo print = make_print(photo, recipe, key);
  EXPECT_NE(print.rgb, photo.rgb);
  EXPECT_EQ(print.rgb, make_print(photo, recipe, key).rgb);
  EXPECT_NE(print.rgb, make_print(photo, recipe, {3, 1, 5}).rgb);
  const AgedPhoto aged = age_photo(print, recipe, {}, key);
  EXPECT_FALSE(aged.is_damaged());
  EXPECT_EQ(make_print(photo, Recipe{}, key).rgb, photo.rgb) << "no mounts: as it is";
}

TEST(Mount, FitsOnPicturesOfAnySize) {
  Recipe recipe;
  recipe.mount.probability = recipe.mount.written = recipe.mount.wired = recipe.mount.captioned =
      recipe.mount.starred = 1;
  for (const auto& [width, height] : {std::pair{1, 1}, {1, 90}, {200, 3}, {17, 16}}) {
    for (uint64_t v = 0; v < 40; ++v) {
      const imaging::Photo print =
          make_print(flat_photo(width, height, 9, 9, 9), recipe, {1, 1, v});
      ASSERT_EQ(print.rgb.size(), static_cast<size_t>(3 * width * height));
    }
  }
}

TEST(Scratches, ThatCutToThePaperAreOpaqueFromEndToEnd) {
  Recipe recipe;
  recipe.scratches = {
      .probability = 1, .count = {6, 6}, .length = {0.4, 0.4}, .width = {6, 6}, .cut = 1};
  const AgedPhoto aged = age_photo(flat_photo(512, 512, 128, 128, 128), recipe, {}, {1, 1, 1});
  const auto count = [&](auto&& is) {
    return std::count_if(aged.damage.begin(), aged.damage.end(), is);
  };
  const auto opaque = count([](uint8_t value) { return value == 255; });
  const auto partly = count([](uint8_t value) { return value > 0 && value < 255; });
  EXPECT_GT(opaque, 2 * partly) << "of 6 pixels of width one at each rim is covered in part";
}

}  // namespace
}  // namespace dataset::ageing
