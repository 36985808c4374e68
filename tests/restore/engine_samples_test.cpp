// What becomes of a photograph's samples.
#include <gmock/gmock.h>

#include "imaging/tone_curve.h"
#include "restore/engine.h"
#include "tests/imaging/gray_profile.h"
#include "tests/imaging/sample_picture.h"
#include "tests/restore/fake_networks.h"
#include "tests/restore/sample_photo.h"

using imaging::Format;
using imaging::PixelFormat;
using imaging::random_samples;
using imaging::read_samples;
using imaging::Samples;
using imaging::vips_picture;
using restore::Engine;
using restore::mending;
using restore::middle_third;
using restore::RestoreOptions;
using restore::SamplePhoto;
using restore::with_strength;
using testing::Each;

class PhotoForm : public testing::TestWithParam<PixelFormat> {};

TEST_P(PhotoForm, ATiledIdentityGivesEverySampleBack) {
  const SamplePhoto photo(random_samples(GetParam(), GetParam().bits == 16 ? 65535 : 255));
  const auto network = mending({});
  EXPECT_EQ(photo.restored(network, with_strength(1)).values, read_samples(photo.path).values);
  EXPECT_GT(network->num_calls, 20);
}

TEST_P(PhotoForm, StrengthZeroKeepsEverySample) {
  const SamplePhoto photo(random_samples(GetParam(), GetParam().bits == 16 ? 65535 : 255));
  EXPECT_EQ(
      photo.restored(mending({.lighter = 0.3F, .tone = 0, .damaged_above = 0.8F}), with_strength(0))
          .values,
      read_samples(photo.path).values);
}

TEST_P(PhotoForm, AChangeOfLumaIsTheSameInAllColours) {
  const PixelFormat& form = GetParam();
  const int white = form.bits == 16 ? 65535 : 255;
  const SamplePhoto photo(random_samples(form, 0.6 * white));
  const Samples before = read_samples(photo.path);
  const Samples after = photo.restored(mending({.lighter = 0.2F}), with_strength(1));
  ASSERT_EQ(after.values.size(), before.values.size());
  const auto channels = static_cast<size_t>(form.channels());
  for (size_t i = 0; i < after.values.size(); ++i) {
    const bool is_alpha = form.has_alpha && i % channels + 1 == channels;
    const size_t pixel = i / channels * channels;
    const double alpha = form.has_alpha ? before.values[pixel + channels - 1] / double(white) : 1;
    ASSERT_NEAR(after.values[i] - before.values[i], is_alpha ? 0 : 0.2 * white * alpha,
                is_alpha ? 0 : 0.6)
        << i;
  }
}

INSTANTIATE_TEST_SUITE_P(All, PhotoForm,
                         testing::Values(PixelFormat{203, 331, 8, 1, false},
                                         PixelFormat{203, 331, 16, 1, true},
                                         PixelFormat{203, 331, 8, 3, true},
                                         PixelFormat{203, 331, 16, 3, false}));

TEST(Engine, UnderAMaskAloneInpaintedPixelsChangeAndOthersDoNot) {
  for (const int colours : {1, 3}) {
    const PixelFormat form{150, 120, 8, colours, false};
    const SamplePhoto photo(random_samples(form, 100));
    const Samples before = read_samples(photo.path), mask = middle_third(120, 150);
    RestoreOptions options;
    options.tasks = {.denoise = false, .inpaint = true};
    options.mask = photo.marked(mask);
    options.only_mask = true;
    const auto network = mending({.lighter = 0.1F, .tone = 0.75F, .damaged_above = 0.3F});
    photo.restore(network, options);
    const auto luma = imaging::read_sample(photo.result).luma;
    const Samples after = read_samples(photo.result);
    for (size_t i = 0; i < after.values.size(); ++i) {
      const size_t pixel = i / static_cast<size_t>(colours);
      if (mask.values[pixel] > 0) {
        ASSERT_NEAR(luma.values[pixel], 0.75F, 1.5F / 255) << pixel;
      } else {
        ASSERT_EQ(after.values[i], before.values[i]) << pixel;
      }
    }
  }
}

TEST(Engine, AWideMarkIsInpaintedAndNothingBesideIt) {
  const SamplePhoto photo(random_samples({702, 642}, 100));  // seen as a whole at half its size
  const Samples before = read_samples(photo.path), mask = middle_third(642, 702);
  RestoreOptions options = with_strength(1);
  options.tasks = {.denoise = false, .inpaint = true};
  options.mask = photo.marked(mask);
  options.only_mask = true;
  const Samples after = photo.restored(mending({.tone = 0.75F}), options);
  for (size_t i = 0; i < after.values.size(); ++i) {
    if (mask.values[i] > 0) {
      ASSERT_NEAR(after.values[i], 191, 1) << i % 702 << " " << i / 702;
    } else {
      ASSERT_EQ(after.values[i], before.values[i]) << i % 702 << " " << i / 702;
    }
  }
}

TEST(Engine, DenoisingAloneInpaintsNothing) {
  const SamplePhoto photo(random_samples({150, 120, 8, 3, false}, 255));
  RestoreOptions options = with_strength(1);
  options.tasks = {.denoise = true, .inpaint = false};
  options.mask = photo.marked(middle_third(120, 150));
  EXPECT_EQ(photo.restored(mending({.tone = 0.75F, .damaged_above = 0.5F}), options).values,
            read_samples(photo.path).values);
}

TEST(Engine, AHoleWiderThanATileIsInpaintedFromTheOverview) {
  Samples samples = middle_third(642, 702);  // black, with a white hole of three tiles
  for (auto& value : samples.values) value = value > 0 ? 255 : 60;
  const SamplePhoto photo(samples);
  const auto network = mending({.damaged_above = 0.5F});  // a tile that is all hole stays black
  const Samples after = photo.restored(network, with_strength(1));
  EXPECT_THAT(after.values, Each(testing::AllOf(testing::Ge(59), testing::Le(61))));
}

TEST(Engine, ColoursAreThoseOfTheWholeInEveryTile) {
  Samples samples{{300, 200}, {}};
  for (int64_t i = 0; i < 300 * 200; ++i) samples.values.push_back(i % 300 < 150 ? 100 : 150);
  const SamplePhoto photo(samples);
  RestoreOptions options = with_strength(1);
  options.tasks.colourise = true;
  const Samples after = photo.restored(std::make_shared<restore::MoodNetwork>(), options);
  ASSERT_EQ(after.form.colours, 3);
  const double chroma = 125.3 - 0.5 * 255;  // the mean of all, and of what it is padded with
  for (size_t i = 0; i < after.values.size(); i += 3) {
    const double luma = i / 3 % 300 < 150 ? 100 : 150;
    ASSERT_NEAR(after.values[i], luma + 1.402 * chroma, 1) << i;
    ASSERT_NEAR(after.values[i + 2], luma + 1.772 * chroma, 1) << i;
  }
}

TEST(Engine, APhotographInColourKeepsItsOwnIfAsked) {
  Samples samples = random_samples({300, 200, 8, 3, false}, 255);
  for (size_t i = 0; i < samples.values.size(); i += 3) samples.values[i] = i % 900 < 450 ? 0 : 255;
  const SamplePhoto photo(samples);
  RestoreOptions options = with_strength(1);
  options.tasks = {.denoise = true, .inpaint = false, .colourise = true};
  const auto network = std::make_shared<restore::MoodNetwork>();
  EXPECT_NE(photo.restored(network, options).values, samples.values);
  options.keep_colour = true;
  EXPECT_EQ(photo.restored(network, options).values, samples.values);
}

TEST(Engine, LightIsAddedAlongTheCurveOfTheProfile) {
  const auto described = vips_picture({{1, 1}, {0}}, {VIPS_INTERPRETATION_B_W});
  const std::string profile = imaging::gray_profile(1.4);
  vips_image_set_blob_copy(described.get(), VIPS_META_ICC_NAME, profile.data(), profile.size());
  const SamplePhoto photo({{3, 1, 16}, {10'000, 20'000, 30'000}}, Format::tiff, described.get());
  const Samples after = photo.restored(mending({.lighter = 0.1F}), with_strength(1));
  const auto pixels = imaging::ImageFile(photo.result).open_pixels();
  std::vector<std::string> notes;
  const imaging::ToneCurve curve(pixels.get(), 1, notes);
  ASSERT_FALSE(curve.is_identity()) << "the profile was lost";
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(curve.to_srgb(after.values[i] / 65535.0F),
                curve.to_srgb(static_cast<float>(i + 1) * 10'000 / 65535.0F) + 0.1, 1e-3);
  }
}
