#include "model/quarter_colour.h"

#include <gtest/gtest.h>

#include "device/torch.h"
#include "model/chroma.h"
#include "model/colour.h"
#include "tests/model/network_testing.h"

namespace model {
namespace {

at::Tensor flat(double red, double green, double blue) {
  return at::tensor({red, green, blue}).reshape({1, 3, 1, 1}).expand({1, 3, 8, 4}).clone();
}

TEST(QuarterColour, IsThatOfTheMeanOfFourByFourPixels) {
  at::Tensor picture = flat(0.2, 0.4, 0.6);
  picture.narrow(2, 0, 4).narrow(3, 0, 2).fill_(1);  // half of the upper cell is white
  const at::Tensor ab = quarter_ab(picture);
  ASSERT_EQ(ab.sizes(), at::IntArrayRef({1, 2, 2, 1}));
  const at::Tensor mixed = lab_of(flat(0.6, 0.7, 0.8)), plain = lab_of(flat(0.2, 0.4, 0.6));
  EXPECT_LT(largest(ab.narrow(2, 0, 1) - mixed.narrow(1, 1, 2).narrow(2, 0, 1).narrow(3, 0, 1)),
            1e-4);
  EXPECT_LT(largest(ab.narrow(2, 1, 1) - plain.narrow(1, 1, 2).narrow(2, 0, 1).narrow(3, 0, 1)),
            1e-4);
}

TEST(QuarterColour, ChromaIsThatOfTheColourWithTheLightnessOfTheGray) {
  const at::Tensor luma = at::full({1, 1, 4, 8}, 0.5, at::kDouble);
  const at::Tensor ab = at::tensor({20.0, -30.0}).reshape({1, 2, 1, 1}).expand({1, 2, 1, 2});
  const at::Tensor chroma = chroma_of_ab(ab, luma);
  ASSERT_EQ(chroma.sizes(), at::IntArrayRef({1, 2, 1, 2}));
  const at::Tensor gray = lab_of(flat(0.5, 0.5, 0.5))[0][0][0][0];
  const at::Tensor lab = at::tensor({gray.item<double>(), 20.0, -30.0}).reshape({1, 3, 1, 1});
  EXPECT_LT(largest(chroma - chroma_of(rgb_of(lab))), 1e-9);
  EXPECT_LT(largest(chroma_of_ab(at::zeros({1, 2, 1, 2}), luma)), 1e-3);
}

TEST(QuarterColour, LightnessOfGrayIsThatOfLab) {
  for (const double gray : {0.0, 0.02, 0.1, 0.5, 1.0}) {
    EXPECT_NEAR(lightness_of(at::full({1}, gray, at::kDouble)).item<double>(),
                lab_of(flat(gray, gray, gray))[0][0][0][0].item<double>(), 1e-9)
        << gray;
  }
}

}  // namespace
}  // namespace model
