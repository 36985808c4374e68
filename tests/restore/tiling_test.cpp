#include "restore/tiling.h"

#include <gtest/gtest.h>

#include "common/error.h"

using imaging::Span;
using restore::blend_weights;
using restore::Tiling;

namespace {

constexpr int64_t kTilingMultiple = 8;

std::vector<Span> spans(int64_t length, int64_t tile, int64_t overlap) {
  const Tiling tiling{tile, overlap, 0};
  return tile_grid(1, length, tiling, kTilingMultiple).columns;
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
      EXPECT_EQ(tiles[i].size % kTilingMultiple, 0);
      EXPECT_EQ(tiles[i].begin % kTilingMultiple, 0);
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
  EXPECT_EQ(tile_grid(500, 500, tiling, kTilingMultiple).num_tiles(), 1);
  EXPECT_GT(tile_grid(500, 501, tiling, kTilingMultiple).num_tiles(), 1);
}

TEST(Tiling, ANetworkThatNeedsMoreThanThePictureGetsOneTile) {
  const Tiling tiling{64, 16, 0};
  const auto grid = tile_grid(70, 70, tiling, 128);
  EXPECT_EQ(grid.num_tiles(), 1);
  EXPECT_EQ(grid.rows[0].size, 128);
}

TEST(Tiling, RefusesAnOverlapOfMoreThanHalfATile) {
  EXPECT_THROW((Tiling{512, 257, 0}.validate()), common::Error);
  EXPECT_THROW((Tiling{32, 8, 0}.validate()), common::Error);
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
