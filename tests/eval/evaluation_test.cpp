#include "eval/evaluation.h"

#include <gmock/gmock.h>

#include <cmath>

#include "imaging/image_writer.h"
#include "imaging/photo_reader.h"
#include "tests/common/expect_error.h"
#include "tests/common/temporary_folder.h"
#include "tests/restore/fake_networks.h"

using common::ErrorKind;
using eval::EvalRow;
using restore::Engine;
using restore::IdentityNetwork;
using restore::MendingNetwork;
using restore::PaintingNetwork;

namespace {

constexpr int kHeight = 64, kWidth = 96;

std::vector<std::string> methods(const std::vector<EvalRow>& rows) {
  std::vector<std::string> names;
  for (const EvalRow& row : rows) names.push_back(row.method);
  return names;
}

}  // namespace

/// A folder with one photograph of one colour, a.png, and room for results.
class Evaluation : public testing::Test {
 protected:
  void make_photo(uint8_t red, uint8_t green, uint8_t blue) {
    write(folder_ / "photos/a.png", {red, green, blue});
    options_.photos = folder_ / "photos";
    options_.output = folder_ / "out";
    options_.strength = 1;
  }

  static void write(const std::filesystem::path& file, std::initializer_list<uint8_t> levels,
                    int width = kWidth) {
    std::filesystem::create_directories(file.parent_path());
    if (levels.size() == 1) {
      imaging::write_gray(file, {kHeight, width, static_cast<float>(*levels.begin()) / 255});
      return;
    }
    imaging::Photo photo{width, kHeight, {}};
    for (const uint8_t level : levels) {
      photo.rgb.insert(photo.rgb.end(), static_cast<size_t>(kHeight) * static_cast<size_t>(width),
                       level);
    }
    imaging::write_photo(file, photo);
  }

  std::vector<EvalRow> evaluate(const std::string& task,
                                std::shared_ptr<model::Network> network = {},
                                const std::vector<std::string>& baselines = {},
                                std::shared_ptr<model::Network> colour_network = {}) {
    const auto tasks = eval::eval_tasks({task});
    std::optional<Engine> model, colouriser;
    if (network) model.emplace(std::move(network), restore::EngineOptions());
    if (colour_network) colouriser.emplace(std::move(colour_network), restore::EngineOptions());
    return evaluate_tasks(tasks,
                          {.model = model ? &*model : nullptr,
                           .colouriser = colouriser ? &*colouriser : nullptr,
                           .baselines = eval::parse_baselines(baselines, tasks),
                           .strength = options_.strength},
                          options_);
  }

  void expect_refused(const std::string& task, const std::vector<std::string>& baselines,
                      const std::string& words) {
    tests::expect_error(ErrorKind::usage, words, [&] { evaluate(task, {}, baselines); });
  }

  tests::TemporaryFolder folder_;
  eval::EvalOptions options_;
};

TEST_F(Evaluation, InpaintingIsMeasuredBlindAndWithTheTrueMask) {
  make_photo(100, 100, 100);
  const auto rows = evaluate("holes", std::make_shared<PaintingNetwork>(110.0F / 255, 0, 0));
  ASSERT_EQ(methods(rows), (std::vector<std::string>{"aged", "model", "model+mask"}));
  const auto aged = rows[0].mean(), blind = rows[1].mean(), told = rows[2].mean();
  EXPECT_LT(*aged.hole_psnr, 20);
  EXPECT_EQ(blind.hole_psnr, aged.hole_psnr);  // told nothing it changes nothing
  EXPECT_EQ(blind.damage->hits, 0);
  EXPECT_GT(blind.damage->misses, 100);
  EXPECT_NEAR(*told.hole_psnr, 20 * std::log10(255 / 10.0), 1e-9);  // ten levels off in the holes
  EXPECT_GT(*told.psnr, *told.hole_psnr);
  EXPECT_FALSE(told.damage.has_value());
}

TEST_F(Evaluation, CleanComparesAPhotographWithItself) {
  make_photo(100, 100, 100);
  const auto rows = evaluate("clean", std::make_shared<IdentityNetwork>());
  ASSERT_EQ(methods(rows), (std::vector<std::string>{"aged", "model"}));
  EXPECT_EQ(rows[1].mean().psnr, 100);
  EXPECT_FALSE(rows[1].mean().damage.has_value());
}

TEST_F(Evaluation, OfUndamagedPicturesAllThatIsMarkedIsWrong) {
  make_photo(100, 100, 100);
  const auto marks_all = std::make_shared<MendingNetwork>(MendingNetwork::Says{.damaged_above = 0});
  EXPECT_EQ(evaluate("clean", marks_all)[1].mean().false_damage, 100);
  const auto marks_none = std::make_shared<MendingNetwork>(MendingNetwork::Says{});
  EXPECT_EQ(evaluate("clean", marks_none)[1].mean().false_damage, 0);
  EXPECT_FALSE(evaluate("holes", marks_none)[1].mean().false_damage.has_value());
}

TEST_F(Evaluation, ABorderAndThePhotographInItAreMeasuredApart) {
  make_photo(60, 60, 60);
  // The photograph is darker than the border, and only the border is marked and painted over.
  const auto paints_border =
      std::make_shared<MendingNetwork>(MendingNetwork::Says{.tone = 0, .damaged_above = 0.5F});
  const auto row = evaluate("border-cream", paints_border)[1].mean();
  EXPECT_LT(*row.border_psnr, 10);
  EXPECT_GT(*row.photo_psnr, 20);
  EXPECT_GT(*row.false_damage, 1);
  EXPECT_LT(*row.false_damage, 60);
}

TEST_F(Evaluation, RefusesPicturesThatAreTooSmallForItsFiguresByName) {
  make_photo(100, 100, 100);
  write(folder_ / "photos/small.png", {100, 100, 100}, 9);
  expect_refused("clean", {}, "small.png has 9x64 pixels, too few for SSIM");
}

TEST_F(Evaluation, ColourIsMeasuredWithTheTrueLumaAgainstTheGrayFloor) {
  make_photo(200, 100, 50);  // luma 124.2, Cb -0.1642, Cr 0.2120
  const float blue = (50 - 124.2F) / 255 / 1.772F, red = (200 - 124.2F) / 255 / 1.402F;
  const auto rows = evaluate("colourise", std::make_shared<PaintingNetwork>(0, blue, red));
  ASSERT_EQ(methods(rows), (std::vector<std::string>{"gray", "model"}));
  const auto gray = rows[0].mean(), model = rows[1].mean();
  const double squares = 76 * 76 + 24 * 24 + 74 * 74;  // of 124 against 200, 100 and 50
  EXPECT_NEAR(*gray.psnr, 10 * std::log10(255 * 255 / (squares / 3)), 1e-9);
  EXPECT_EQ(gray.colourfulness, 0);
  EXPECT_EQ(model.psnr, 100);
  EXPECT_EQ(model.ciede2000, 0);
  EXPECT_NEAR(*model.colourfulness, 0.3 * std::hypot(100, 100), 1e-9);  // rg 100, yb 100
  EXPECT_EQ(model.colourfulness_of_original, model.colourfulness);
}

TEST_F(Evaluation, ANetworkThatDoesNotColourHasNoRowOfColours) {
  make_photo(200, 100, 50);
  EXPECT_EQ(methods(evaluate("colourise", std::make_shared<IdentityNetwork>())),
            std::vector<std::string>{"gray"});
}

TEST_F(Evaluation, TwoStagesAreMeasuredBesideOneWhereColoursAreAsked) {
  make_photo(200, 100, 50);
  const auto model = std::make_shared<PaintingNetwork>(0.5F, 0, 0);
  const float blue = (50 - 124.2F) / 255 / 1.772F, red = (200 - 124.2F) / 255 / 1.402F;
  const auto colouriser = std::make_shared<PaintingNetwork>(0.5F, blue, red);
  const auto colour = evaluate("colourise", model, {}, colouriser);
  ASSERT_EQ(methods(colour), (std::vector<std::string>{"gray", "model", "two-stage"}));
  EXPECT_EQ(colour[1].mean().psnr, colour[0].mean().psnr);
  EXPECT_EQ(colour[2].mean().psnr, 100);
  const auto old_photo = evaluate("old-photo", model, {}, colouriser);
  ASSERT_EQ(methods(old_photo), (std::vector<std::string>{"aged", "model", "two-stage"}));
  const auto one = old_photo[1].mean(), two = old_photo[2].mean();
  EXPECT_EQ(two.psnr, one.psnr);  // of luma, the same in both
  EXPECT_LT(*two.ciede2000, *one.ciede2000);
  EXPECT_GT(*two.colourfulness, *one.colourfulness + 10);
  EXPECT_EQ(methods(evaluate("grain-25", model, {}, colouriser)),
            (std::vector<std::string>{"aged", "model"}));
}

TEST_F(Evaluation, RefusesASecondStageThatDoesNotColour) {
  make_photo(200, 100, 50);
  const auto network = std::make_shared<IdentityNetwork>();
  tests::expect_error(ErrorKind::usage, "--colour-model: this network does not colour",
                      [&] { evaluate("colourise", network, {}, network); });
}

TEST_F(Evaluation, TheEngineRestoresAtTheStrengthThatIsGiven) {
  make_photo(100, 100, 100);
  const auto lighter = std::make_shared<restore::MendingNetwork>(
      restore::MendingNetwork::Says{.lighter = 20.0F / 255});
  const auto one = evaluate("clean", lighter);
  EXPECT_NEAR(*one[1].mean().psnr, 20 * std::log10(255 / 20.0), 1e-9);
  EXPECT_EQ(one[1].strength, "1");
  EXPECT_EQ(one[0].strength, "");
  options_.strength = 0.5;
  EXPECT_NEAR(*evaluate("clean", lighter)[1].mean().psnr, 20 * std::log10(255 / 10.0), 1e-9);
  options_.strength = std::nullopt;  // clean, and black and white are not there: tone alone
  EXPECT_EQ(evaluate("clean", lighter)[1].strength, "auto");
}

TEST_F(Evaluation, AGrayPhotographHasNoColoursToCompareWith) {
  make_photo(100, 100, 100);
  expect_refused("colourise", {}, "a.png has no colours");
}

TEST_F(Evaluation, BaselinesAreMeasuredByTheirPictures) {
  make_photo(100, 100, 100);
  write(folder_ / "telea/holes/a.png", {105});
  const auto rows = evaluate("holes", {}, {"telea=" + (folder_ / "telea").string()});
  ASSERT_EQ(methods(rows), (std::vector<std::string>{"aged", "telea"}));
  EXPECT_NEAR(*rows[1].mean().psnr, 20 * std::log10(255 / 5.0), 1e-9);
  EXPECT_EQ(rows[1].mean().hole_psnr, rows[1].mean().psnr);
}

TEST_F(Evaluation, RefusesPicturesThatDoNotFit) {
  make_photo(100, 100, 100);
  const std::string baseline = "telea=" + (folder_ / "telea").string();
  expect_refused("holes", {"telea"}, "expected NAME=DIR");
  expect_refused("holes", {"model=x"}, "has such a row");
  expect_refused("holes", {baseline}, "for none of the tasks");
  std::filesystem::create_directories(folder_ / "telea/holes");
  expect_refused("holes", {baseline}, "no picture");
  write(folder_ / "telea/holes/a.png", {105}, kWidth - 1);
  expect_refused("holes", {baseline}, "has 95x64 pixels, the photograph 96x64");
}

TEST_F(Evaluation, WritesInputsMasksAndResultsOnRequest) {
  make_photo(200, 100, 50);
  evaluate("holes", std::make_shared<PaintingNetwork>(0.5F, 0, 0));
  EXPECT_FALSE(std::filesystem::exists(options_.output));
  options_.pictures = true;
  std::vector<EvalRow> rows;
  for (const char* task : {"holes", "colourise", "grain-25"}) {
    rows = evaluate(task, std::make_shared<PaintingNetwork>(0.5F, 0, 0));
  }
  for (const char* file :
       {"holes/a.aged.png", "holes/a.damage.png", "holes/a.original.png", "holes/a.model.png",
        "holes/a.model+mask.png", "colourise/a.model.png", "grain-25/a.aged.tif"}) {
    EXPECT_TRUE(std::filesystem::is_regular_file(options_.output / file)) << file;
  }
  EXPECT_EQ(rows[1].files, std::vector<std::string>{"grain-25/a.model.png"});
  const auto original = imaging::read_photo(options_.output / "colourise/a.original.png", 0);
  EXPECT_EQ(original.rgb.front(), 200);
  EXPECT_EQ(original.rgb.back(), 50);
}
