#include "restore/tiled_inference.h"

#include <gmock/gmock.h>

#include <cmath>

#include "tests/common/expect_error.h"
#include "tests/imaging/sample_plane.h"

using common::ErrorKind;
using imaging::Plane;
using imaging::sample_plane;
using imaging::Span;
using restore::blend_weights;
using restore::MemoryNeeds;
using restore::TiledInference;
using restore::TileGrid;
using restore::Tiling;
using restore::tiling_for;

namespace {

constexpr int64_t kMega = int64_t{1} << 20;
constexpr int64_t kMultiple = 8;

std::vector<Span> spans(int64_t length, int64_t tile, int64_t overlap) {
  return restore::tile_grid(1, length, {tile, overlap, 0}, kMultiple).columns;
}

TileGrid grid_for(const MemoryNeeds& needs, int64_t memory_bytes, int64_t overlap = 64) {
  const Tiling tiling = tiling_for(needs, memory_bytes, overlap, kMultiple);
  return tile_grid(needs.height, needs.width, tiling, kMultiple);
}

int64_t tile_pixels(const TileGrid& grid) { return grid.rows[0].size * grid.columns[0].size; }

TileGrid grid_for(const Plane& plane) {
  return restore::tile_grid(plane.height, plane.width, {64, 16, 0}, kMultiple);
}

TiledInference::ReadRow rows_of(const Plane& plane) {
  return [&plane, y = int64_t{0}](const std::vector<float*>& layers) mutable {
    for (float* layer : layers) std::copy_n(plane.row(y), plane.width, layer);
    ++y;
  };
}

}  // namespace

TEST(Tiling, WeightsSumToOneEverywhere) {
  for (const int64_t overlap : {0, 1, 7, 16, 32}) {
    for (int64_t length = 1; length < 400; ++length) {
      const auto tiles = spans(length, 64, overlap);
      const auto weights = blend_weights(tiles, overlap);
      std::vector<double> sum(static_cast<size_t>(tiles.back().begin + tiles.back().size));
      for (size_t i = 0; i < tiles.size(); ++i) {
        for (size_t k = 0; k < weights[i].size(); ++k) {
          sum[static_cast<size_t>(tiles[i].begin) + k] += weights[i][k];
        }
      }
      ASSERT_GE(static_cast<int64_t>(sum.size()), length);
      for (const double value : sum) ASSERT_NEAR(value, 1, 1e-6) << length << " by " << overlap;
    }
  }
}

TEST(Tiling, TilesAreEqualAndBeginAtMultiples) {
  for (const int64_t length : {65, 100, 512, 1000, 4001}) {
    const auto tiles = spans(length, 64, 16);
    ASSERT_GT(tiles.size(), 1U);
    EXPECT_EQ(tiles.back().begin + tiles.back().size, (length + 7) / 8 * 8);
    for (size_t i = 0; i < tiles.size(); ++i) {
      EXPECT_EQ(tiles[i].size, tiles[0].size);
      EXPECT_EQ(tiles[i].size % kMultiple, 0);
      EXPECT_EQ(tiles[i].begin % kMultiple, 0);
      EXPECT_LE(tiles[i].size, 64);
      const int64_t end_before = i == 0 ? 16 : tiles[i - 1].begin + tiles[i - 1].size;
      EXPECT_GE(end_before - tiles[i].begin, 16);
    }
  }
}

TEST(Tiling, ATilesOutermostPixelsCountForNothingInsideThePicture) {
  const auto tiles = spans(200, 64, 16);
  const auto weights = blend_weights(tiles, 16);
  EXPECT_EQ(weights[0].front(), 1);  // the picture's own border
  EXPECT_EQ(weights[0].back(), 0);
  EXPECT_EQ(weights[1].front(), 0);
  EXPECT_EQ(weights[1][tiles[1].size / 2], 1);
}

TEST(Tiling, APictureUnderTheLimitIsNotCut) {
  const Tiling tiling{64, 16, 500 * 500};
  EXPECT_EQ(tile_grid(500, 500, tiling, kMultiple).num_tiles(), 1);
  EXPECT_GT(tile_grid(500, 501, tiling, kMultiple).num_tiles(), 1);
}

TEST(Tiling, ANetworkThatNeedsMoreThanThePictureGetsOneTile) {
  const Tiling tiling{64, 16, 0};
  const auto grid = tile_grid(70, 70, tiling, 128);
  EXPECT_EQ(grid.num_tiles(), 1);
  EXPECT_EQ(grid.rows[0].size, 128);
}

TEST(Tiling, RefusesAnOverlapOfMoreThanHalfATile) {
  for (const Tiling& wrong : {Tiling{512, 257, 0}, Tiling{512, -1, 0}}) {
    tests::expect_error(ErrorKind::usage, "--overlap", [&] { wrong.validate(); });
  }
  tests::expect_error(ErrorKind::usage, "--tile 32", [] { Tiling{32, 8, 0}.validate(); });
  EXPECT_NO_THROW((Tiling{512, 256, 0}.validate()));
}

TEST(Tiling, TilesGoForwardAndLeaveNoGapWhateverTheMultiple) {
  for (const int64_t multiple : {1, 8, 16, 32}) {
    for (const int64_t tile : {64, 95, 100}) {
      for (int64_t length = 1; length < 700; length += 3) {
        const Tiling tiling{tile, tile / 2, 0};
        const auto tiles = tile_grid(1, length, tiling, multiple).columns;
        const auto weights = blend_weights(tiles, tile / 2);
        for (size_t i = 1; i < tiles.size(); ++i) {
          ASSERT_GT(tiles[i].begin, tiles[i - 1].begin);
          for (const float weight : weights[i])
            ASSERT_GE(weight, 0) << length << " by " << multiple;
        }
      }
    }
  }
}

TEST(TilingFor, APictureThatFitsIsNotCut) {
  EXPECT_EQ(grid_for({"a.tif", 1000, 1200, 20}, 2048 * kMega).num_tiles(), 1);
}

TEST(TilingFor, APictureThatFitsInPartsIsCut) {
  EXPECT_GT(grid_for({"a.tif", 1000, 1200, 20}, 700 * kMega).num_tiles(), 1);
}

TEST(TilingFor, TilesAndBandFitIntoTheMemory) {
  for (const int64_t memory : {700 * kMega, 900 * kMega, 2048 * kMega}) {
    for (const int64_t width : {600, 4000, 12'000}) {
      const MemoryNeeds needs{"a.tif", 3 * width, width, 20};
      const TileGrid grid = grid_for(needs, memory);
      // 420 MiB are the program's, a tile's pixel takes the network 500 bytes.
      EXPECT_LE(420 * kMega + 500 * tile_pixels(grid) + grid.rows[0].size * width * 20, memory);
    }
  }
}

TEST(TilingFor, MoreMemoryGivesLargerTiles) {
  const MemoryNeeds needs{"a.tif", 9000, 6000, 20};
  EXPECT_GT(tile_pixels(grid_for(needs, 1024 * kMega)),
            2 * tile_pixels(grid_for(needs, 600 * kMega)));
}

TEST(TilingFor, SmallTilesShareNoMoreThanHalf) {
  const MemoryNeeds needs{"a.tif", 9000, 6000, 20};
  const Tiling tiling = tiling_for(needs, 460 * kMega, 400, kMultiple);
  EXPECT_LT(tiling.tile, 400);
  EXPECT_NO_THROW(tiling.validate());
}

TEST(TilingFor, SaysWhatAHugePictureTakesAtLeast) {
  const MemoryNeeds needs{"a.tif", 20'000, 25'000, 30};
  const auto message = testing::AllOf(testing::HasSubstr("a.tif: a picture of 25000x20000"),
                                      testing::ContainsRegex("at least [4-6][0-9][0-9] MiB"));
  EXPECT_THAT([&] { tiling_for(needs, 100 * kMega, 64, kMultiple); },
              testing::ThrowsMessage<common::Error>(message));
}

TEST(TiledInference, ReadsEachRowOnceInOrderAndKeepsABandAsHighAsATile) {
  const Plane plane = sample_plane(1003, 90);
  int64_t next = 0, given = 0;
  TiledInference tiles(
      1003, 90, 1, grid_for(plane),
      [&](const std::vector<float*>& layers) {
        std::copy_n(plane.row(next++), plane.width, layers[0]);
      },
      [](const std::vector<Plane>& layers, Span, Span) { return layers; });
  for (auto band = tiles.next(); band.height > 0; band = tiles.next()) {
    EXPECT_EQ(band.top, given);
    given += band.height;
    EXPECT_LE(next - band.top, 64);  // no further ahead than a tile
    EXPECT_LE(band.layers->front().height, 64);
  }
  EXPECT_EQ(next, 1003);
  EXPECT_EQ(given, 1003);
  EXPECT_EQ(tiles.next().height, 0);
}

TEST(TiledInference, TilesThatAreLeftAloneGiveThePictureBack) {
  for (const int64_t height : {5, 64, 65, 203}) {
    const Plane plane = sample_plane(height, 331);
    TiledInference tiles(height, 331, 1, grid_for(plane), rows_of(plane),
                         [](const std::vector<Plane>& layers, Span, Span) { return layers; });
    for (auto band = tiles.next(); band.height > 0; band = tiles.next()) {
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
  TiledInference tiles(100, 70, 2, grid, rows_of(plane),
                       [&](const std::vector<Plane>& layers, Span rows, Span columns) {
                         EXPECT_EQ(layers[1].values,
                                   crop_with_reflection(plane, rows, columns).values);
                         ++num_tiles;
                         return layers;
                       });
  while (tiles.next().height > 0) {
  }
  EXPECT_EQ(num_tiles, grid.num_tiles());
}

TEST(TiledInference, AsManyLayersComeOutAsATileIsTurnedInto) {
  const Plane plane = sample_plane(100, 70);
  TiledInference tiles(100, 70, 1, grid_for(plane), rows_of(plane),
                       [](const std::vector<Plane>& layers, Span, Span) {
                         Plane ones = layers[0];
                         ones.values.assign(ones.values.size(), 1);
                         return std::vector<Plane>{layers[0], ones, layers[0]};
                       });
  const auto band = tiles.next();
  ASSERT_EQ(band.layers->size(), 3U);
  for (int64_t i = 0; i < band.height * 70; ++i) {
    ASSERT_NEAR((*band.layers)[1].values[static_cast<size_t>(i)], 1, 1e-6) << i;
  }
}

TEST(TiledInference, NoTileIsBegunAfterAStop) {
  const Plane plane = sample_plane(100, 200);
  std::stop_source stop;
  int num_tiles = 0;
  TiledInference tiles(
      100, 200, 1, grid_for(plane), rows_of(plane),
      [&](const std::vector<Plane>& layers, Span, Span) {
        if (++num_tiles == 2) stop.request_stop();
        return layers;
      },
      stop.get_token());
  EXPECT_EQ(tiles.next().height, 0);
  EXPECT_EQ(num_tiles, 2);
}
