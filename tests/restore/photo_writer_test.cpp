#include "restore/photo_writer.h"

#include <gmock/gmock.h>

#include "tests/common/temporary_folder.h"
#include "tests/imaging/sample_picture.h"

using restore::DamageRecord;
using testing::ElementsAre;
using tests::TemporaryFolder;

TEST(DamageRecord, CountsShowsAndWritesWhatWasFound) {
  const tests::TemporaryFolder folder;
  DamageRecord record(2, 2, folder / "a.png");
  const std::vector<float> upper{0, 1}, lower{0.6F, 0.4F};
  record.add(upper.data());
  record.add(lower.data());
  EXPECT_EQ(record.damaged_share(), 0.5);
  EXPECT_THAT(record.preview().levels, ElementsAre(0, 255, 153, 102));
  EXPECT_FALSE(std::filesystem::exists(folder / "a.png"));
  record.finish_mask();
  EXPECT_THAT(imaging::read_samples(folder / "a.png").values, ElementsAre(0, 255, 153, 102));
}

TEST(DamageRecord, ThePreviewOfALongPictureIsSmall) {
  DamageRecord record(2, 3300, "");
  const std::vector<float> row(3300, 1);
  record.add(row.data());
  record.add(row.data());
  const auto preview = record.preview();
  EXPECT_EQ(preview.width, 1100);
  EXPECT_EQ(preview.height, 1);
  EXPECT_THAT(preview.levels, testing::Each(255));
}
