#include "restore/tiled_inference.h"

#include <gmock/gmock.h>

#include <cmath>

#include "tests/imaging/sample_plane.h"

using imaging::Plane;
using imaging::sample_plane;
using imaging::Span;
using restore::TiledInference;
using restore::Tiling;

namespace {

/// The grid for a network that wants multiples of 8.
restore::TileGrid grid_for(const Plane& plane) {
  return tile_grid(plane.height, plane.width, Tiling{64, 16, 0}, 8);
}

TiledInference::ReadRow rows_of(const Plane& plane) {
  return [&plane](int64_t y, const std::vector<float*>& layers) {
    for (float* layer : layers) std::copy_n(plane.row(y), plane.width, layer);
  };
}

}  // namespace

TEST(TiledInference, ReadsEachRowOnceInOrderAndKeepsABandAsHighAsATile) {
  const Plane plane = sample_plane(1003, 90);
  int64_t next = 0, given = 0;
  TiledInference sweep(
      {1003, 90, 1}, grid_for(plane),
      [&](int64_t y, const std::vector<float*>& layers) {
        ASSERT_EQ(y, next++);
        std::copy_n(plane.row(y), plane.width, layers[0]);
      },
      [](const std::vector<Plane>& layers, Span, Span) { return layers; });
  for (auto band = sweep.next(); band.height > 0; band = sweep.next()) {
    EXPECT_EQ(band.top, given);
    given += band.height;
    EXPECT_LE(next - band.top, 64);  // no further ahead than a tile
    EXPECT_LE(band.layers->front().height, 64);
  }
  EXPECT_EQ(next, 1003);
  EXPECT_EQ(given, 1003);
  EXPECT_EQ(sweep.next().height, 0);
}

TEST(TiledInference, TilesThatAreLeftAloneGiveThePictureBack) {
  for (const int64_t height : {5, 64, 65, 203}) {
    const Plane plane = sample_plane(height, 331);
    TiledInference sweep({height, 331, 1}, grid_for(plane), rows_of(plane),
                    [](const std::vector<Plane>& layers, Span, Span) { return layers; });
    for (auto band = sweep.next(); band.height > 0; band = sweep.next()) {
      for (int64_t i = 0; i < band.height * 331; ++i) {
        ASSERT_NEAR(band.layers->front().row(0)[i], plane.row(band.top)[i], 1e-6);
      }
    }
  }
}

TEST(TiledInference, ATileIsCutWhereItSaysAndMirrorsThePictureBeyondItsEnd) {
  const Plane plane = sample_plane(100, 70);
  const auto grid = grid_for(plane);
  int64_t num_tiles = 0;
  TiledInference sweep({100, 70, 2}, grid, rows_of(plane),
                  [&](const std::vector<Plane>& layers, Span rows, Span columns) {
                    EXPECT_EQ(layers[1].values, crop_with_reflection(plane, rows, columns).values);
                    ++num_tiles;
                    return layers;
                  });
  while (sweep.next().height > 0) {
  }
  EXPECT_EQ(num_tiles, grid.num_tiles());
}

TEST(TiledInference, AsManyLayersComeOutAsATileIsTurnedInto) {
  const Plane plane = sample_plane(100, 70);
  TiledInference sweep({100, 70, 1}, grid_for(plane), rows_of(plane),
                  [](const std::vector<Plane>& layers, Span, Span) {
                    Plane ones = layers[0];
                    ones.values.assign(ones.values.size(), 1);
                    return std::vector<Plane>{layers[0], ones, layers[0]};
                  });
  const auto band = sweep.next();
  ASSERT_EQ(band.layers->size(), 3U);
  for (int64_t i = 0; i < band.height * 70; ++i) {
    ASSERT_NEAR((*band.layers)[1].values[static_cast<size_t>(i)], 1, 1e-6) << i;
  }
}
