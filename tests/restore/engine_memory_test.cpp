#include <gmock/gmock.h>

#include <cmath>

#include "device/torch.h"
#include "restore/engine.h"
#include "tests/common/expect_error.h"
#include "tests/imaging/sample_plane.h"
#include "tests/restore/fake_networks.h"

using common::ErrorKind;
using imaging::Plane;
using imaging::sample_plane;
using restore::Engine;
using restore::EngineOptions;
using restore::IdentityNetwork;
using restore::MendingNetwork;
using restore::PaintingNetwork;
using restore::RestoreOptions;

namespace {

const EngineOptions kTiles{.tile = 64, .overlap = 16};

RestoreOptions all() {
  RestoreOptions options;
  options.strength = 1;
  return options;
}

RestoreOptions colours() {
  RestoreOptions options = all();
  options.tasks.colourise = true;
  return options;
}

}  // namespace

TEST(EngineInMemory, TiledIdentityGivesThePictureBack) {
  const auto network = std::make_shared<IdentityNetwork>();
  const Plane picture = sample_plane(203, 331);
  const auto restored = Engine(network, kTiles).restore(picture, all());
  EXPECT_GT(network->num_calls, 20);
  for (size_t i = 0; i < picture.values.size(); ++i) {
    ASSERT_NEAR(restored.luma.values[i], picture.values[i], 1e-6) << i;
    ASSERT_NEAR(restored.damage.values[i], 1 / (1 + std::exp(-picture.values[i])), 1e-6) << i;
  }
}

TEST(EngineInMemory, AtStrengthOneAPictureThatIsNotCutIsWhatTheNetworkGives) {
  const auto network = model::make_network({.name = "restorer",
                                            .widths = {},
                                            .blocks = 1,
                                            .find = {4, 8},
                                            .restore = {4, 8},
                                            .colourise = {4}},
                                           3);
  const Plane picture = sample_plane(40, 64);
  const auto restored = Engine(network, {}).restore(picture, all());
  const at::NoGradGuard no_grad;
  Plane copy = picture;
  const at::Tensor expected =
      network->forward(at::from_blob(copy.values.data(), {1, 1, 40, 64})).luma.contiguous();
  for (size_t i = 0; i < picture.values.size(); ++i) {
    ASSERT_NEAR(restored.luma.values[i], expected.const_data_ptr<float>()[i], 1e-5) << i;
  }
}

TEST(EngineInMemory, NoiseBeyondBlackAndWhiteIsNotClipped) {
  Plane picture = sample_plane(48, 64);
  picture.values[5] = -0.25F, picture.values[6] = 1.5F;
  const Engine engine(std::make_shared<restore::MendingNetwork>(
                          restore::MendingNetwork::Says{.lighter = 0.125F, .damaged_above = 9}),
                      {});
  const auto restored = engine.restore(picture, all());
  EXPECT_EQ(restored.luma.values[5], -0.125F);
  EXPECT_EQ(restored.luma.values[6], 1.625F);
}

TEST(EngineInMemory, KeepsTheSizeOfPicturesThatFitNoMultiple) {
  const Engine engine(std::make_shared<IdentityNetwork>(), {});
  for (const int64_t height : {1, 3, 13}) {
    const Plane picture = sample_plane(height, 21);
    EXPECT_EQ(engine.restore(picture, all()).luma.values, picture.values);
  }
}

TEST(EngineInMemory, KnownDamageReachesTheNetworkTileByTile) {
  const Engine engine(std::make_shared<PaintingNetwork>(0.75F, 0, 0), kTiles);
  const Plane picture = sample_plane(150, 90);
  Plane damage(150, 90);
  for (size_t i = 0; i < damage.values.size(); ++i) damage.values[i] = i % 7 == 0 ? 1 : -1;
  const auto restored = engine.restore(picture, all(), &damage);
  for (size_t i = 0; i < picture.values.size(); ++i) {
    ASSERT_NEAR(restored.luma.values[i], i % 7 == 0 ? 0.75F : picture.values[i], 1e-6) << i;
  }
  EXPECT_NEAR(engine.restore(picture, all()).luma.values[7 * 90], picture.values[7 * 90], 1e-6);
}

TEST(EngineInMemory, TheSizeAndNoTileDecidesWhetherASmallVersionIsSearched) {
  const auto found = [](int64_t side, int64_t tile) {
    Plane picture(side, side);  // a stripe of which every other pixel looks damaged, or its mean
    constexpr int64_t kStripe = 60;
    for (int64_t i = 300 * side; i < (300 + kStripe) * side; ++i) {
      picture.values[static_cast<size_t>(i)] = i % 2 == 0 ? 1.0F : 0.85F;
    }
    const auto network =
        std::make_shared<MendingNetwork>(MendingNetwork::Says{.tone = 0.5F, .damaged_above = 0.9F});
    const EngineOptions options{.memory_bytes = int64_t{16} << 30, .tile = tile};
    const Plane damage = Engine(network, options).restore(picture, all()).damage;
    double share = 0;
    for (const float p : damage.values) share += p > 0.5F ? 1 : 0;
    return share / static_cast<double>(kStripe * side);
  };
  EXPECT_NEAR(found(1301, 0), 1, 0.1);
  EXPECT_NEAR(found(1301, 1024), 1, 0.1);
  EXPECT_NEAR(found(1201, 0), 0.5, 0.01);
  EXPECT_NEAR(found(1201, 1024), 0.5, 0.01);
}

TEST(EngineInMemory, RefusesDamageOfAnotherSize) {
  const Engine engine(std::make_shared<IdentityNetwork>(), {});
  const Plane damage(16, 24);
  tests::expect_error(ErrorKind::usage, "24x16 pixels, the upright photograph 16x16",
                      [&] { engine.restore(sample_plane(16, 16), all(), &damage); });
}

TEST(EngineInMemory, ChromaComesAtThePicturesSizeAndOnlyWhereTheNetworkColours) {
  const Plane picture = sample_plane(150, 90);
  const Engine engine(std::make_shared<PaintingNetwork>(0, -0.25F, 0.125F), kTiles);
  EXPECT_FALSE(engine.restore(picture, all()).chroma.has_value());  // not asked for
  const auto coloured = engine.restore(picture, colours());
  ASSERT_TRUE(coloured.chroma.has_value());
  ASSERT_EQ(coloured.chroma->red.values.size(), picture.values.size());
  for (size_t i = 0; i < picture.values.size(); ++i) {
    ASSERT_NEAR(coloured.luma.values[i], picture.values[i], 1e-6) << i;
    ASSERT_NEAR(coloured.chroma->blue.values[i], -0.25F, 1e-5) << i;
    ASSERT_NEAR(coloured.chroma->red.values[i], 0.125F, 1e-5) << i;
  }
  const Engine gray(std::make_shared<IdentityNetwork>(), kTiles);
  EXPECT_FALSE(gray.restore(picture, colours()).chroma.has_value());
}

TEST(EngineInMemory, RefusesValuesThatAreNotNumbers) {
  const Engine engine(std::make_shared<restore::NotANumberNetwork>(), {});
  tests::expect_error(ErrorKind::numeric, "not numbers",
                      [&] { engine.restore(sample_plane(16, 16), all()); });
}
