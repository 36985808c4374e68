#include "imaging/tone_curve.h"

#include <gmock/gmock.h>

#include <cmath>

#include "tests/imaging/gray_profile.h"
#include "tests/imaging/sample_picture.h"

using imaging::ToneCurve;
using imaging::vips_picture;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace {

imaging::vips::Image with_profile(int colours, const void* profile, size_t num_bytes) {
  const imaging::PixelFormat form{1, 1, 8, colours, false};
  auto picture = vips_picture({form, std::vector<uint16_t>(static_cast<size_t>(colours))}, {});
  vips_image_set_blob_copy(picture.get(), VIPS_META_ICC_NAME, profile, num_bytes);
  return picture;
}

/// Of a profile that libvips brings along.
ToneCurve built_in(const char* name, std::vector<std::string>& notes) {
  imaging::vips::start();
  VipsBlob* blob = nullptr;
  EXPECT_EQ(vips_profile_load(name, &blob, nullptr), 0);
  size_t num_bytes = 0;
  const void* bytes = vips_blob_get(blob, &num_bytes);
  const ToneCurve curve(with_profile(3, bytes, num_bytes).get(), 3, notes);
  vips_area_unref(VIPS_AREA(blob));
  return curve;
}

ToneCurve of_gamma(double gamma, std::vector<std::string>& notes) {
  const std::string profile = imaging::gray_profile(gamma);
  return ToneCurve(with_profile(1, profile.data(), profile.size()).get(), 1, notes);
}

/// What sRGB calls this amount of light.
double srgb_of_light(double light) {
  return light <= 0.0031308 ? 12.92 * light : 1.055 * std::pow(light, 1 / 2.4) - 0.055;
}

}  // namespace

TEST(ToneCurve, OfSrgbAndOfItsRelativesIsTheIdentity) {
  std::vector<std::string> notes;
  for (const char* name : {"srgb", "p3"}) {
    const ToneCurve curve = built_in(name, notes);
    EXPECT_TRUE(curve.is_identity()) << name;
    EXPECT_EQ(curve.to_srgb(0.3F), 0.3F);
  }
  EXPECT_THAT(notes, IsEmpty());
}

TEST(ToneCurve, OfAnotherGammaGivesTheSameLight) {
  std::vector<std::string> notes;
  for (const double gamma : {1.8, 2.2}) {
    const ToneCurve curve = of_gamma(gamma, notes);
    for (double value = 0.04; value < 1; value += 0.02) {
      EXPECT_NEAR(curve.to_srgb(static_cast<float>(value)), srgb_of_light(std::pow(value, gamma)),
                  3e-3)
          << value << " of gamma " << gamma;
    }
  }
  EXPECT_THAT(notes, IsEmpty());
}

TEST(ToneCurve, TheWayBackIsTheInverse) {
  std::vector<std::string> notes;
  for (const double gamma : {1.0, 1.8, 2.6}) {
    const ToneCurve curve = of_gamma(gamma, notes);
    EXPECT_FALSE(curve.is_identity());
    for (float value = 0; value <= 1; value += 0.01F) {
      EXPECT_NEAR(curve.to_srgb(curve.from_srgb(value)), value, 1e-3) << gamma;
      // Near black a gamma above sRGB's is so flat that 16 bit do not tell its grays apart.
      if (value < 0.05F) continue;
      EXPECT_NEAR(curve.from_srgb(curve.to_srgb(value)), value, 1e-3) << gamma;
    }
  }
}

TEST(ToneCurve, AProfileThatCannotBeUsedIsSaidAndLeftAside) {
  std::vector<std::string> notes;
  const ToneCurve curve(with_profile(1, "no profile", 10).get(), 1, notes);
  EXPECT_TRUE(curve.is_identity());
  EXPECT_THAT(notes, ElementsAre(HasSubstr("colour profile cannot be used")));
}

TEST(ToneCurve, WithoutAProfileIsTheIdentity) {
  std::vector<std::string> notes;
  const auto picture = vips_picture({{1, 1}, {0}}, {VIPS_INTERPRETATION_B_W});
  EXPECT_TRUE(ToneCurve(picture.get(), 1, notes).is_identity());
  EXPECT_THAT(notes, IsEmpty());
}
