#include "restore/memory_plan.h"

#include <gmock/gmock.h>

#include "common/error.h"

using restore::BandNeeds;
using restore::TileGrid;
using restore::Tiling;
using restore::tiling_for;

namespace {

constexpr int64_t kMega = int64_t{1} << 20;
constexpr int64_t kMultiple = 16;

TileGrid grid_for(const BandNeeds& needs, int64_t memory_bytes, int64_t overlap = 64) {
  const Tiling tiling = tiling_for(needs, memory_bytes, overlap, kMultiple);
  return tile_grid(needs.height, needs.width, tiling, kMultiple);
}

int64_t tile_pixels(const TileGrid& grid) { return grid.rows[0].size * grid.columns[0].size; }

}  // namespace

TEST(MemoryPlan, APictureThatFitsIsNotCut) {
  EXPECT_EQ(grid_for({1000, 1200, 20}, 2048 * kMega).num_tiles(), 1);
}

TEST(MemoryPlan, APictureThatFitsInPartsIsCut) {
  EXPECT_GT(grid_for({1000, 1200, 20}, 700 * kMega).num_tiles(), 1);
}

TEST(MemoryPlan, TilesAndBandFitIntoTheMemory) {
  for (const int64_t memory : {700 * kMega, 900 * kMega, 2048 * kMega}) {
    for (const int64_t width : {600, 4000, 12'000}) {
      const BandNeeds needs{3 * width, width, 20};
      const TileGrid grid = grid_for(needs, memory);
      // 420 MiB are the program's, a tile's pixel takes the network 500 bytes.
      EXPECT_LE(420 * kMega + 500 * tile_pixels(grid) + grid.rows[0].size * width * 20, memory);
    }
  }
}

TEST(MemoryPlan, MoreMemoryGivesLargerTiles) {
  const BandNeeds needs{9000, 6000, 20};
  EXPECT_GT(tile_pixels(grid_for(needs, 1024 * kMega)),
            2 * tile_pixels(grid_for(needs, 600 * kMega)));
}

TEST(MemoryPlan, SmallTilesShareNoMoreThanHalf) {
  const BandNeeds needs{9000, 6000, 20};
  const Tiling tiling = tiling_for(needs, 460 * kMega, 400, kMultiple);
  EXPECT_LT(tiling.tile, 400);
  EXPECT_NO_THROW(tiling.validate());
}

TEST(MemoryPlan, SaysWhatAHugePictureTakesAtLeast) {
  const BandNeeds needs{20'000, 25'000, 30};
  try {
    tiling_for(needs, 100 * kMega, 64, kMultiple);
    FAIL() << "not refused";
  } catch (const common::Error& error) {
    EXPECT_EQ(error.kind(), common::ErrorKind::usage);
    EXPECT_THAT(error.what(), testing::HasSubstr("25000x20000"));
    EXPECT_THAT(error.what(), testing::ContainsRegex("at least [4-6][0-9][0-9] MiB"));
  }
}
