#include "model/colour.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "device/torch.h"
#include "tests/common/expect_error.h"

namespace model {
namespace {

using common::ErrorKind;

/// The rows of a kind in golden/colour.txt.
std::vector<std::vector<double>> golden_rows(const std::string& kind, size_t num_values) {
  std::ifstream golden(COLOUR_GOLDEN);
  std::vector<std::vector<double>> rows;
  std::string line;
  while (std::getline(golden, line)) {
    std::istringstream fields(line);
    std::string name;
    fields >> name;
    if (name != kind) continue;
    std::vector<double> row(num_values);
    for (double& value : row) fields >> value;
    EXPECT_TRUE(fields) << line;
    rows.push_back(row);
  }
  return rows;
}

/// One pixel, [3,1,1].
at::Tensor pixel(const std::vector<double>& row, size_t from) {
  return at::tensor(std::vector<double>(row.begin() + static_cast<std::ptrdiff_t>(from),
                                        row.begin() + static_cast<std::ptrdiff_t>(from) + 3),
                    at::kDouble)
      .reshape({3, 1, 1});
}

double largest(const at::Tensor& x) { return x.abs().max().item<double>(); }

TEST(Colour, LabIsThatOfScikitImage) {
  const auto rows = golden_rows("lab", 6);
  EXPECT_EQ(rows.size(), 16);
  for (const auto& row : rows) {
    EXPECT_LT(largest(lab_of(pixel(row, 0) / 255) - pixel(row, 3)), 1e-8);
    EXPECT_LT(largest(lab_of((pixel(row, 0) / 255).to(at::kFloat)) - pixel(row, 3)), 1e-3);
  }
}

TEST(Colour, RgbIsThatOfScikitImageAndClipped) {
  const auto rows = golden_rows("rgb", 6);
  EXPECT_EQ(rows.size(), 6);
  for (const auto& row : rows) {
    EXPECT_LT(largest(rgb_of(pixel(row, 0)) - pixel(row, 3)), 1e-8);
  }
}

TEST(Colour, ThereAndBackIsTheSame) {
  for (const auto& row : golden_rows("lab", 6)) {
    const at::Tensor rgb = pixel(row, 0) / 255;
    EXPECT_LT(largest(rgb_of(lab_of(rgb)) - rgb), 2e-5);  // the curves' constants are rounded
  }
}

TEST(Colour, TakesBatchesAndKeepsPixelsApart) {
  at::Tensor rgb = at::full({2, 3, 4, 5}, 0.25);
  rgb[1].select(1, 3).select(1, 2).copy_(at::tensor({1.0, 0.0, 0.0}));
  const at::Tensor lab = lab_of(rgb);
  EXPECT_EQ(lab.sizes(), rgb.sizes());
  EXPECT_NEAR(lab[1][1][3][2].item<double>(), 80.0923, 1e-3);
  EXPECT_EQ((lab.select(1, 1).abs() > 1).sum().item<int64_t>(), 1);
}

TEST(Colour, GradientsAreFiniteInBlackAndOutsideTheGamut) {
  for (const double lightness : {0.0, 50.0}) {
    at::Tensor lab = at::full({1, 3, 2, 2}, lightness).requires_grad_();
    rgb_of(lab * 2 - 60).sum().backward();
    EXPECT_TRUE(at::isfinite(lab.grad()).all().item<bool>());
    at::Tensor rgb = at::zeros({1, 3, 2, 2}).requires_grad_();
    lab_of(rgb).sum().backward();
    EXPECT_TRUE(at::isfinite(rgb.grad()).all().item<bool>());
  }
}

TEST(Colour, RefusesOtherShapes) {
  const auto expect_refused = [](const auto& work) {
    tests::expect_error(ErrorKind::internal, "takes [..,3,H,W] in floating point", work);
  };
  expect_refused([] { lab_of(at::full({1, 4, 4}, 0.5)); });
  expect_refused([] { rgb_of(at::full({2, 1, 4, 4}, 0.5)); });
  expect_refused([] { lab_of(at::full({3, 4, 4}, 128, at::kByte)); });
}

}  // namespace
}  // namespace model
