#include <gtest/gtest.h>

#include <fstream>

#include "common/files.h"
#include "device/torch.h"
#include "tests/common/temporary_folder.h"
#include "worker/records/event_file.h"
#include "worker/records/run_records.h"

namespace {

TEST(Crc32c, GivesTheTestVectorsOfRfc3720) {
  EXPECT_EQ(worker::crc32c(std::string(32, '\0')), 0x8A9136AAU);
  EXPECT_EQ(worker::crc32c(std::string(32, '\xFF')), 0x62A8AB43U);
  EXPECT_EQ(worker::crc32c("123456789"), 0xE3069283U);
}

TEST(MetricsLog, DropsRowsBeyondTheStepThatIsResumed) {
  const tests::TemporaryFolder temporary;
  const auto path = temporary / "metrics.jsonl";
  {
    worker::MetricsLog log(path, 0);
    for (int step : {1, 2, 3}) log.write({{"step", step}, {"kind", "train"}});
  }
  std::ofstream(path, std::ios::app) << "{\"step\": 4, \"lo";  // the writer was killed here
  worker::MetricsLog log(path, 2);
  log.write({{"step", 3}, {"kind", "validation"}});
  EXPECT_EQ(common::read_file(path),
            "{\"step\":1,\"kind\":\"train\"}\n{\"step\":2,\"kind\":\"train\"}\n"
            "{\"step\":3,\"kind\":\"validation\"}\n");
}

TEST(SamplePicture, PutsPicturesSideBySide) {
  const auto picture = worker::side_by_side(
      {at::full({1, 4, 3}, 0.5), at::full({1, 4, 3}, 2.0), at::full({1, 4, 3}, -1.0)});
  EXPECT_EQ(picture.width, 9);
  EXPECT_EQ(picture.height, 4);
  EXPECT_EQ(picture.png.substr(1, 3), "PNG");
}

}  // namespace
