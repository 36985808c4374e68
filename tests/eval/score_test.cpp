#include "eval/score.h"

#include <gmock/gmock.h>

#include <sstream>

using eval::Score;
using testing::HasSubstr;

namespace {

const std::vector<Score> kScores{
    {"a.jpg", {20, 0.5}, {26, 0.75}, {{"aged", "a.aged.png"}}},
    {std::string(90, 'x') + "/end.jpg", {24, 0.75}, {22, 0.5}, nullptr},
};

}  // namespace

TEST(Score, MeanIsTakenOverPhotographs) {
  const Score mean = mean_score(kScores);
  EXPECT_DOUBLE_EQ(mean.aged.psnr, 22);
  EXPECT_DOUBLE_EQ(mean.restored.psnr, 24);
  EXPECT_DOUBLE_EQ(mean.restored.ssim, 0.625);
}

TEST(Score, TableFitsAHundredColumnsAndCountsTheWorse) {
  const std::string table = score_table(kScores);
  std::istringstream lines(table);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 100U) << line;
  EXPECT_THAT(table, HasSubstr("xx/end.jpg   24.00 -> 22.00   -2.00   0.7500 -> 0.5000  -0.2500"));
  EXPECT_THAT(table, HasSubstr("1 of 2 below their aged input"));
}

TEST(Score, JsonHoldsEveryPhotographAndTheMean) {
  const auto json = scores_json(kScores);
  EXPECT_EQ(json["photos"].size(), 2U);
  EXPECT_EQ(json["photos"][0]["name"], "a.jpg");
  EXPECT_EQ(json["photos"][0]["files"]["aged"], "a.aged.png");
  EXPECT_EQ(json["photos"][1]["psnr_restored"], 22);
  EXPECT_EQ(json["mean"]["psnr_aged"], 22);
}

TEST(Score, CsvHasALineAPhotograph) {
  EXPECT_THAT(scores_csv(kScores), testing::StartsWith("photo,psnr_aged,psnr_restored,ssim_aged,"
                                                       "ssim_restored\na.jpg,20,26,0.5,0.75\n"));
}
