#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "common/files.h"
#include "dataset/ageing/recipe.h"
#include "tests/common/expect_error.h"
#include "tests/common/temporary_folder.h"

namespace dataset::ageing {
namespace {

using ::testing::HasSubstr;

/// A folder that holds one recipe file.
class RecipeFile {
 public:
  explicit RecipeFile(const std::string& text) {
    std::filesystem::create_directories(folder_ / "recipes");
    common::write_file_atomically(path(), text);
  }
  std::filesystem::path path() const { return folder_ / "recipes/mine.yaml"; }
  const std::filesystem::path& folder() const { return folder_.path(); }

 private:
  tests::TemporaryFolder folder_;
};

void expect_refused(const std::string& words, const std::string& name_or_path,
                    const std::vector<std::string>& overrides = {}) {
  tests::expect_error(common::ErrorKind::config, words,
                      [&] { load_recipe(name_or_path, overrides); });
}

TEST(Recipe, StagesThatAFileDoesNotNameStayOff) {
  const RecipeFile file("scratches:\n  probability: 0.5\n  width: 2\n");
  const Recipe recipe = load_recipe(file.path().string());
  EXPECT_EQ(recipe.name, "mine");
  EXPECT_EQ(recipe.scratches.probability, 0.5);
  EXPECT_EQ(recipe.scratches.width.low, 2);
  EXPECT_EQ(recipe.scratches.width.high, 2);
  EXPECT_EQ(recipe.dust.probability, 0);
  EXPECT_EQ(recipe.scan.probability, 0);
}

TEST(Recipe, ShippedOnesLoadAndKeepTheirPromises) {
  const Recipe old_photo = load_recipe("old-photo");
  EXPECT_EQ(old_photo.name, "old-photo");
  EXPECT_GE(old_photo.damage.undamaged, 0.10);
  EXPECT_LE(old_photo.damage.undamaged, 0.15);
  const Recipe seed = load_recipe("seed");
  EXPECT_EQ(seed.gray.probability, 0);  // BT.601
  EXPECT_EQ(seed.grain.plain, 1);
  EXPECT_EQ(seed.textures.probability, 1);
  const Recipe grain = load_recipe("grain-25");
  EXPECT_EQ(grain.grain.probability, 0);
  EXPECT_EQ(grain.awgn.sigma.low, 25);
  EXPECT_EQ(grain.awgn.sigma.high, 25);
  EXPECT_EQ(load_recipe("gray").grain.probability, 0);
}

TEST(Recipe, YamlReadsBackToTheSameYaml) {
  const Recipe recipe = load_recipe("old-photo", {"grain.sigma=[7.25, 33]"});
  const RecipeFile file(recipe_yaml(recipe));
  EXPECT_THAT(recipe_yaml(recipe), HasSubstr("sigma: [7.25, 33]"));
  EXPECT_EQ(recipe_yaml(load_recipe(file.path().string())), recipe_yaml(recipe));
}

TEST(Recipe, IsFoundByNameInRestoreConfigs) {
  const RecipeFile file("dust:\n  probability: 0.25\n");
  setenv("RESTORE_CONFIGS", file.folder().c_str(), 1);
  const Recipe recipe = load_recipe("mine");
  unsetenv("RESTORE_CONFIGS");
  EXPECT_EQ(recipe.dust.probability, 0.25);
}

TEST(Recipe, RefusesAnUnknownNameAndListsThoseThatShip) {
  expect_refused(
      "no recipe 'old-foto'; known: damage, grain-15, grain-25, grain-30, grain-50, grain-70, "
      "grain-blind, gray, old-photo, restorer, seed",
      "old-foto");
}

TEST(Recipe, RefusesAnUnknownKeyWithItsLine) {
  const RecipeFile file("# first line\nfading:\n  gama: 1\n");
  expect_refused("mine.yaml:3: unknown key 'fading.gama'", file.path());
}

TEST(Recipe, RefusesImpossibleValuesByName) {
  expect_refused("grain.probability = 1.5", "gray", {"grain.probability=1.5"});
  expect_refused("creases.branching = [0, 0.9]: expected an interval within 0 to 0.3", "gray",
                 {"creases.branching=[0, 0.9]"});
  expect_refused("scan.jpeg_quality", "gray", {"scan.jpeg_quality=[0, 95]"});
  expect_refused("holes.torn", "gray", {"holes.torn=0.7", "holes.stroked=0.7"});
}

}  // namespace
}  // namespace dataset::ageing
