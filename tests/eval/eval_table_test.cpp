#include "eval/eval_table.h"

#include <gmock/gmock.h>

using eval::EvalRow;
using eval::Figures;

namespace {

Figures figures(double psnr, std::optional<double> hole_psnr, model::DamageCounts damage) {
  Figures figures;
  figures.psnr = psnr;
  figures.hole_psnr = hole_psnr;
  figures.damage = damage;
  return figures;
}

std::vector<EvalRow> rows() {
  Figures plain;
  plain.psnr = 20.125;
  return {{"old-photo", "aged", {"a", "b"}, {plain, plain}},
          {"old-photo",
           "a, \"b\"",
           {"a", "b"},
           {figures(30, 25, {30, 10, 0}), figures(31, std::nullopt, {0, 0, 20})}}};
}

}  // namespace

TEST(EvalTable, DamageIsPooledAndMeansLeaveOutWhatIsMissing) {
  const Figures mean = rows()[1].mean();
  EXPECT_EQ(mean.psnr, 30.5);
  EXPECT_EQ(mean.hole_psnr, 25);                   // one picture has no hole
  EXPECT_DOUBLE_EQ(mean.damage->f1(), 60.0 / 90);  // a mean of both would be 0.43
  EXPECT_DOUBLE_EQ(mean.damage->iou(), 30.0 / 60);
  EXPECT_FALSE(mean.ciede2000.has_value());
}

TEST(EvalTable, TextHasTheColumnsThatAnyRowHas) {
  EXPECT_EQ(rows_text(rows()),
            "task       method  pictures   PSNR  hole PSNR     F1    IoU\n"
            "old-photo  aged           2  20.12          -      -      -\n"
            "old-photo  a, \"b\"         2  30.50      25.00  0.667  0.500\n");
}

TEST(EvalTable, CsvQuotesAndKeepsAllColumns) {
  EXPECT_EQ(rows_csv(rows()),
            "task,method,pictures,psnr,ssim,hole_psnr,damage_f1,damage_iou,ciede2000,colourfulness,"
            "colourfulness_of_original\n"
            "old-photo,aged,2,20.125,,,,,,,\n"
            "old-photo,\"a, \"\"b\"\"\",2,30.5,,25,0.6666666666666666,0.5,,,\n");
}

TEST(EvalTable, JsonHoldsMeansAndEveryPicture) {
  const auto json = rows_json(rows())["rows"][1];
  EXPECT_EQ(json["task"], "old-photo");
  EXPECT_EQ(json["psnr"], 30.5);
  EXPECT_FALSE(json.contains("ssim"));
  ASSERT_EQ(json["pictures"].size(), 2U);
  EXPECT_EQ(json["pictures"][0]["name"], "a");
  EXPECT_EQ(json["pictures"][0]["damage_f1"], 60.0 / 70);
  EXPECT_FALSE(json["pictures"][1].contains("hole_psnr"));
}
