#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "dataset/ageing/age_photo.h"
#include "tests/common/expect_error.h"
#include "tests/dataset/ageing/synthetic_photos.h"

namespace dataset::ageing {
namespace {

using common::ErrorKind;
const AgeingKey kTextureKey{3, 14, 0};

imaging::GrayPicture flat_picture(uint8_t gray, uint8_t alpha) {
  return {32, 32, std::vector<uint8_t>(1024, gray), std::vector<uint8_t>(1024, alpha)};
}

/// Black, but for the pixel at column 4 of row 2.
imaging::GrayPicture picture_of_a_speck(int width, int height) {
  imaging::GrayPicture picture{width, height, {}, {}};
  picture.gray.resize(static_cast<size_t>(width) * static_cast<size_t>(height));
  picture.gray[static_cast<size_t>(2 * width + 4)] = 255;
  return picture;
}

Recipe textures_only(const std::string& mode) {
  Recipe recipe;
  recipe.textures = {1, "", {1, 1}, {mode}, {1, 1}, {0.5, 0.5}};
  return recipe;
}

DirtPictures one(const imaging::GrayPicture& picture) { return DirtPictures({to_dirt(picture)}); }

TEST(Textures, BlendAsTheirModesSayAndCountAsTheDamageThatTheyDo) {
  struct Case {
    const char* mode;
    uint8_t tone;
    double expected;
  };
  // Gray 102 is 0.4; alpha 204 (0.8) and opacity 0.5 of white, or of black, make 0.4 of dirt.
  for (const auto& [mode, tone, expected] :
       {Case{"add", 255, 0.8}, {"lighten", 255, 0.4}, {"subtract", 0, 0}, {"multiply", 0, 0.24}}) {
    const AgedPhoto aged = age_photo(flat_photo(40, 30, 102, 102, 102), textures_only(mode),
                                     one(flat_picture(tone, 204)), kTextureKey);
    EXPECT_NEAR(mean(aged.aged), 255 * expected, 1) << mode;
    EXPECT_NEAR(mean(aged.damage), 102, 0.5) << mode;
  }
}

TEST(Textures, LightenOnlyWhatIsDarker) {
  const auto lightened = [](uint8_t level) {
    return age_photo(flat_photo(40, 30, level, level, level), textures_only("lighten"),
                     one(flat_picture(255, 204)), kTextureKey);
  };
  EXPECT_EQ(mean(lightened(20).aged), 102);
  EXPECT_EQ(mean(lightened(200).aged), 200);
}

TEST(Textures, AreTheSameOnABlackGroundAndInvertedOnAWhiteOne) {
  imaging::GrayPicture black = picture_of_a_speck(24, 20);
  black.gray[100] = 80;
  imaging::GrayPicture white = black;
  for (uint8_t& level : white.gray) level = static_cast<uint8_t>(255 - level);
  EXPECT_EQ(one(black).checksum(), one(white).checksum());
  EXPECT_EQ(to_dirt(white).upright.values[100], 80);
}

TEST(Textures, TakeOfLightDirtItsGrayAndOfDarkDirtItsDistanceFromWhite) {
  EXPECT_EQ(to_dirt(flat_picture(200, 255)).tone, DirtTone::lightens);
  EXPECT_EQ(to_dirt(flat_picture(200, 255)).upright.values[0], 200);
  EXPECT_EQ(to_dirt(flat_picture(55, 51)).tone, DirtTone::darkens);
  EXPECT_EQ(to_dirt(flat_picture(55, 51)).upright.values[0], 40);
}

TEST(Textures, KeepTheAreaOfASpeckAtAnyTurnAndScale) {
  Recipe recipe = textures_only("add");
  recipe.textures.opacity = {1, 1};
  const DirtPictures dirt = one(picture_of_a_speck(24, 20));
  for (const double scale : {1.5, 2.5}) {
    recipe.textures.scale = {scale, scale};
    const double speck = std::pow(200 * scale / 20, 2);  // pixels of the photo for one of the dirt
    double largest = 0;
    for (uint64_t v = 0; v < 100; ++v) {
      const AgedPhoto aged = age_photo(flat_photo(200, 200, 0, 0, 0), recipe, dirt, {1, 1, v});
      EXPECT_EQ(aged.aged, aged.damage);
      largest = std::max(largest, mean(aged.damage) / 255 * 200 * 200 / speck);
    }
    EXPECT_NEAR(largest, 1, 0.02);  // in other photos a part of it lies outside
  }
}

TEST(Textures, GoOnInTheirMirrorImage) {
  Recipe recipe = textures_only("add");
  recipe.textures.opacity = {1, 1};
  recipe.textures.scale = {0.25, 0.25};
  const AgedPhoto aged =
      age_photo(flat_photo(80, 80, 0, 0, 0), recipe, one(picture_of_a_speck(20, 20)), kTextureKey);
  for (int y = 0; y < 80; ++y) {
    for (int x = 0; x < 40; ++x) {  // twice the side of 20 is a period
      const auto i = static_cast<size_t>(80 * y + x);
      ASSERT_EQ(aged.aged[i], aged.aged[i + 40]);
    }
  }
  EXPECT_NEAR(mean(aged.aged) / 255 * 80 * 80, 16, 0.5);  // 4 x 4 mirror images of a speck
}

TEST(Textures, TurnAllEightWays) {
  Recipe recipe = textures_only("add");
  imaging::GrayPicture ramp{16, 16, {}, {}};
  for (int y = 0; y < 16; ++y) {
    for (int x = 0; x < 16; ++x) ramp.gray.push_back(static_cast<uint8_t>(2 * x + 5 * y));
  }
  const DirtPictures dirt = one(ramp);
  recipe.textures.scale = {20, 20};  // so that most photos lie within one image of the ramp
  std::set<std::pair<int, int>> slopes;
  for (uint64_t v = 0; v < 100; ++v) {
    const AgedPhoto aged = age_photo(flat_photo(64, 64, 0, 0, 0), recipe, dirt, {1, 1, v});
    const auto rise = [&](size_t i) { return aged.aged[i] - aged.aged[0]; };
    const int right = rise(63), down = rise(63 * 64);
    if (right == 0 || down == 0) continue;
    slopes.insert(
        {(right > 0 ? 1 : -1) * (std::abs(right) > std::abs(down) ? 2 : 1), down > 0 ? 1 : -1});
  }
  EXPECT_EQ(slopes.size(), 8U);
}

TEST(Textures, OfRecipeSeedAreFiveDrawnPicturesThatCoverALittle) {
  const Recipe recipe = load_recipe("seed");
  const DirtPictures dirt = load_dirt(recipe.textures, nullptr);
  ASSERT_EQ(dirt.size(), 5U);
  for (size_t i = 0; i < dirt.size(); ++i) {
    const double cover = mean(dirt[i].upright.values) / 255;
    EXPECT_GT(cover, 0.002) << i;
    EXPECT_LT(cover, 0.2) << i;
  }
  EXPECT_EQ(dirt.checksum(), load_dirt(recipe.textures, nullptr).checksum());
  EXPECT_EQ(dirt.checksum().size(), 16U);
  EXPECT_EQ(load_dirt({}, nullptr).checksum(), "");
}

TEST(Textures, RefuseDirtThatNoModeFits) {
  Textures textures;
  textures.probability = 1;
  textures.folder = "mine";
  textures.modes = {"multiply"};
  const auto reader = [](const std::string&) { return std::vector{flat_picture(255, 100)}; };
  tests::expect_error(ErrorKind::config, "picture 1 of mine (by name) holds light dirt",
                      [&] { load_dirt(textures, reader); });
  textures.modes = {"burn"};
  tests::expect_error(ErrorKind::config, "'burn' is none of add, subtract, multiply, lighten",
                      [&] { textures.validate(); });
  tests::expect_error(ErrorKind::usage, "without pictures of dirt", [] {
    age_photo(flat_photo(8, 8, 0, 0, 0), textures_only("add"), {}, kTextureKey);
  });
}

}  // namespace
}  // namespace dataset::ageing
