#include "restore/restorer.h"

#include <gmock/gmock.h>

#include <cmath>

#include "common/error.h"
#include "device/torch.h"
#include "tests/imaging/sample_plane.h"
#include "tests/restore/fake_networks.h"

using imaging::Plane;
using imaging::sample_plane;
using restore::IdentityNetwork;
using restore::PaintingNetwork;
using restore::Restorer;
using restore::Tiling;

TEST(Restorer, TiledIdentityGivesThePictureBack) {
  const auto network = std::make_shared<IdentityNetwork>();
  const Restorer restorer(network, Tiling{64, 16, 0});
  const Plane picture = sample_plane(203, 331);
  const auto restored = restorer.restore(picture);
  EXPECT_GT(network->num_calls, 20);
  EXPECT_LE(network->most_pixels, 64 * 64);
  for (size_t i = 0; i < picture.values.size(); ++i) {
    ASSERT_NEAR(restored.luma.values[i], picture.values[i], 1e-6) << i;
    ASSERT_NEAR(restored.damage.values[i], 1 / (1 + std::exp(-picture.values[i])), 1e-6) << i;
  }
}

TEST(Restorer, APictureThatIsNotCutGivesWhatTheNetworkGives) {
  const auto network = model::make_network({"unet", {4, 8}, 1}, 3);
  const Plane picture = sample_plane(40, 64);
  const auto restored = Restorer(network, Tiling{64, 16, 0}).restore(picture);
  const at::NoGradGuard no_grad;
  Plane copy = picture;
  const auto expected =
      at::clamp(network->forward(at::from_blob(copy.values.data(), {1, 1, 40, 64})).luma, 0, 1);
  const float* values = expected.contiguous().const_data_ptr<float>();
  EXPECT_THAT(restored.luma.values,
              testing::ElementsAreArray(values, static_cast<size_t>(expected.numel())));
  EXPECT_EQ(restored.luma.values, Restorer(network, Tiling()).restore(picture).luma.values);
}

TEST(Restorer, KeepsTheSizeOfPicturesThatFitNoMultiple) {
  const Restorer restorer(std::make_shared<IdentityNetwork>(), Tiling());
  for (const int64_t height : {1, 3, 13}) {
    const Plane picture = sample_plane(height, 21);
    EXPECT_EQ(restorer.restore(picture).luma.values, picture.values);
  }
}

TEST(Restorer, KnownDamageReachesTheNetworkTileByTile) {
  const Restorer restorer(std::make_shared<PaintingNetwork>(0.75F, 0, 0), Tiling{64, 16, 0});
  const Plane picture = sample_plane(150, 90);
  Plane damage(150, 90);
  for (size_t i = 0; i < damage.values.size(); ++i) damage.values[i] = i % 7 == 0 ? 1 : -1;
  const auto restored = restorer.restore(picture, &damage);
  for (size_t i = 0; i < picture.values.size(); ++i) {
    ASSERT_NEAR(restored.luma.values[i], i % 7 == 0 ? 0.75F : picture.values[i], 1e-6) << i;
  }
  EXPECT_EQ(restorer.restore(picture).luma.values[7 * 90], picture.values[7 * 90]);
}

TEST(Restorer, RefusesDamageOfAnotherSize) {
  const Restorer restorer(std::make_shared<IdentityNetwork>(), Tiling());
  const Plane damage(16, 24);
  EXPECT_THROW(restorer.restore(sample_plane(16, 16), &damage), common::Error);
}

TEST(Restorer, ChromaComesAtThePicturesSizeAndOnlyWhereTheNetworkColours) {
  const Plane picture = sample_plane(150, 90);
  const Tiling tiling{64, 16, 0};
  const auto coloured =
      Restorer(std::make_shared<PaintingNetwork>(0, -0.25F, 0.125F), tiling).restore(picture);
  ASSERT_TRUE(coloured.chroma.has_value());
  ASSERT_EQ(coloured.chroma->red.values.size(), picture.values.size());
  for (size_t i = 0; i < picture.values.size(); ++i) {
    ASSERT_NEAR(coloured.chroma->blue.values[i], -0.25F, 1e-5) << i;
    ASSERT_NEAR(coloured.chroma->red.values[i], 0.125F, 1e-5) << i;
  }
  const Restorer gray(std::make_shared<IdentityNetwork>(), tiling);
  EXPECT_FALSE(gray.restore(picture).chroma.has_value());
}

TEST(Restorer, RefusesValuesThatAreNotNumbers) {
  const Restorer restorer(std::make_shared<restore::NotANumberNetwork>(), Tiling());
  try {
    restorer.restore(sample_plane(16, 16));
    FAIL() << "not refused";
  } catch (const common::Error& error) {
    EXPECT_EQ(error.kind(), common::ErrorKind::numeric);
  }
}
