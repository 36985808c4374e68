#include "eval/table.h"

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

EvalRow row(const std::string& method, const std::string& strength,
            const std::vector<Figures>& figures) {
  EvalRow row;
  row.task = "old-photo";
  row.method = method;
  row.strength = strength;
  row.names = {"a", "b"};
  row.figures = figures;
  return row;
}

std::vector<EvalRow> rows() {
  Figures plain;
  plain.psnr = 20.125;
  return {row("aged", "", {plain, plain}),
          row("a, \"b\"", "auto",
              {figures(30, 25, {30, 10, 0}), figures(31, std::nullopt, {0, 0, 20})})};
}

}  // namespace

TEST(Table, DamageIsPooledAndMeansLeaveOutWhatIsMissing) {
  const Figures mean = rows()[1].mean();
  EXPECT_EQ(mean.psnr, 30.5);
  EXPECT_EQ(mean.hole_psnr, 25);                   // one picture has no hole
  EXPECT_DOUBLE_EQ(mean.damage->f1(), 60.0 / 90);  // a mean of both would be 0.43
  EXPECT_DOUBLE_EQ(mean.damage->iou(), 30.0 / 60);
  EXPECT_FALSE(mean.ciede2000.has_value());
}

TEST(Table, OfFalseDamageTheWorstPictureIsShownToo) {
  Figures one, two;
  one.false_damage = 1, two.false_damage = 3;
  const Figures mean = row("model", "1", {one, two}).mean();
  EXPECT_EQ(mean.false_damage, 2);
  EXPECT_EQ(mean.most_false_damage, 3);
  EXPECT_FALSE(rows()[1].mean().most_false_damage.has_value());
}

TEST(Table, TextHasTheColumnsThatAnyRowHas) {
  EXPECT_EQ(rows_text(rows()),
            "task       method  strength  pictures   PSNR  hole PSNR     F1    IoU\n"
            "old-photo  aged    -                2  20.12          -      -      -\n"
            "old-photo  a, \"b\"  auto             2  30.50      25.00  0.667  0.500\n");
}

TEST(Table, CsvQuotesAndKeepsAllColumns) {
  EXPECT_EQ(rows_csv(rows()),
            "task,method,strength,pictures,psnr,ssim,hole_psnr,damage_f1,damage_iou,"
            "false_damage,most_false_damage,border_psnr,photo_psnr,ciede2000,colourfulness,"
            "colourfulness_of_original\n"
            "old-photo,aged,,2,20.125,,,,,,,,,,,\n"
            "old-photo,\"a, \"\"b\"\"\",auto,2,30.5,,25,0.6666666666666666,0.5,,,,,,,\n");
}

TEST(Table, JsonHoldsMeansAndEveryPicture) {
  const auto json = rows_json(rows())["rows"][1];
  EXPECT_EQ(json["task"], "old-photo");
  EXPECT_EQ(json["strength"], "auto");
  EXPECT_EQ(json["psnr"], 30.5);
  EXPECT_FALSE(json.contains("ssim"));
  ASSERT_EQ(json["pictures"].size(), 2U);
  EXPECT_EQ(json["pictures"][0]["name"], "a");
  EXPECT_EQ(json["pictures"][0]["damage_f1"], 60.0 / 70);
  EXPECT_FALSE(json["pictures"][1].contains("hole_psnr"));
}
