#include "restore/engine.h"

#include <gmock/gmock.h>

#include "common/error.h"
#include "imaging/tone_curve.h"
#include "tests/common/expect_error.h"
#include "tests/common/full_disk.h"
#include "tests/common/temporary_folder.h"
#include "tests/imaging/gray_profile.h"
#include "tests/imaging/sample_picture.h"
#include "tests/restore/fake_networks.h"

namespace fs = std::filesystem;
using common::Error;
using common::ErrorKind;
using imaging::Format;
using imaging::PixelFormat;
using imaging::random_samples;
using imaging::read_samples;
using imaging::Samples;
using imaging::vips_picture;
using restore::Engine;
using restore::MendingNetwork;
using restore::RestoredPhoto;
using restore::RestoreJob;
using restore::RestoreOptions;
using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using tests::TemporaryFolder;

namespace {

std::shared_ptr<MendingNetwork> mending(const MendingNetwork::Says& says) {
  return std::make_shared<MendingNetwork>(says);
}

RestoreOptions with_strength(double strength) {
  RestoreOptions options;
  options.strength = strength;
  return options;
}

/// A photograph in a folder of its own, and what becomes of it in tiles of 64.
class Photo {
 public:
  explicit Photo(const Samples& samples, Format format = Format::png,
                 VipsImage* described = nullptr)
      : path(folder / (std::string("a.") + extension(format))),
        result(folder / (std::string("b.") + extension(format))) {
    write_samples(path, samples, format, described);
  }

  RestoredPhoto restore(std::shared_ptr<model::Network> network, const RestoreOptions& options,
                        const restore::PhotoProgress& progress = {}) const {
    const Engine engine(std::move(network), {.tile = 64, .overlap = 16});
    return *engine.restore({path, result, mask}, options, progress);
  }

  /// The samples of the result.
  Samples restored(std::shared_ptr<model::Network> network, const RestoreOptions& options) const {
    restore(std::move(network), options);
    return read_samples(result);
  }

  fs::path marked(const Samples& mask_samples) const {
    write_samples(folder / "mask.png", mask_samples, Format::png);
    return folder / "mask.png";
  }

  int64_t num_files() const {
    return std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator());
  }

  tests::TemporaryFolder folder;
  fs::path path, result, mask;
};

/// White in the middle third.
Samples middle_third(int64_t height, int64_t width) {
  Samples mask{{width, height}, std::vector<uint16_t>(static_cast<size_t>(height * width))};
  for (int64_t y = height / 3; y < 2 * height / 3; ++y) {
    for (int64_t x = width / 3; x < 2 * width / 3; ++x) {
      mask.values[static_cast<size_t>(y * width + x)] = 255;
    }
  }
  return mask;
}

ErrorKind kind_of_failure(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.kind();
  }
  ADD_FAILURE() << "nothing was thrown";
  return ErrorKind::comm;
}

}  // namespace

class PhotoForm : public testing::TestWithParam<PixelFormat> {};

TEST_P(PhotoForm, ATiledIdentityGivesEverySampleBack) {
  const Photo photo(random_samples(GetParam(), GetParam().bits == 16 ? 65535 : 255));
  const auto network = mending({});
  EXPECT_EQ(photo.restored(network, with_strength(1)).values, read_samples(photo.path).values);
  EXPECT_GT(network->num_calls, 20);
}

TEST_P(PhotoForm, StrengthZeroKeepsEverySample) {
  const Photo photo(random_samples(GetParam(), GetParam().bits == 16 ? 65535 : 255));
  EXPECT_EQ(
      photo.restored(mending({.lighter = 0.3F, .tone = 0, .damaged_above = 0.8F}), with_strength(0))
          .values,
      read_samples(photo.path).values);
}

TEST_P(PhotoForm, AChangeOfLumaIsTheSameInAllColours) {
  const PixelFormat& form = GetParam();
  const int white = form.bits == 16 ? 65535 : 255;
  const Photo photo(random_samples(form, 0.6 * white));
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
    const Photo photo(random_samples(form, 100));
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
  const Photo photo(random_samples({702, 642}, 100));  // seen as a whole at half its size
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
  const Photo photo(random_samples({150, 120, 8, 3, false}, 255));
  RestoreOptions options = with_strength(1);
  options.tasks = {.denoise = true, .inpaint = false};
  options.mask = photo.marked(middle_third(120, 150));
  EXPECT_EQ(photo.restored(mending({.tone = 0.75F, .damaged_above = 0.5F}), options).values,
            read_samples(photo.path).values);
}

TEST(Engine, AMaskOfAnotherSizeIsAUsageError) {
  const Photo photo(random_samples({50, 40}, 255));
  RestoreOptions options;
  options.mask = photo.marked(middle_third(50, 40));
  EXPECT_EQ(kind_of_failure([&] { photo.restore(mending({}), options); }), ErrorKind::usage);
}

TEST(Engine, AHoleWiderThanATileIsInpaintedFromTheOverview) {
  Samples samples = middle_third(642, 702);  // black, with a white hole of three tiles
  for (auto& value : samples.values) value = value > 0 ? 255 : 60;
  const Photo photo(samples);
  const auto network = mending({.damaged_above = 0.5F});  // a tile that is all hole stays black
  const Samples after = photo.restored(network, with_strength(1));
  EXPECT_THAT(after.values, Each(testing::AllOf(testing::Ge(59), testing::Le(61))));
}

TEST(Engine, ColoursAreThoseOfTheWholeInEveryTile) {
  Samples samples{{300, 200}, {}};
  for (int64_t i = 0; i < 300 * 200; ++i) samples.values.push_back(i % 300 < 150 ? 100 : 150);
  const Photo photo(samples);
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
  const Photo photo(samples);
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
  const Photo photo({{3, 1, 16}, {10'000, 20'000, 30'000}}, Format::tiff, described.get());
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

TEST(Engine, AStopLeavesNoFile) {
  Photo photo(random_samples({203, 331}, 255));
  photo.mask = photo.folder / "found.png";
  const Engine engine(mending({}), {.tile = 64, .overlap = 16});
  for (const double stop_at : {0.0, restore::kAnalysedShare, 0.5}) {
    std::stop_source stop;
    double last = 0;
    const auto stop_there = [&](double share) {
      EXPECT_GT(share, last);
      last = share;
      if (share > stop_at) stop.request_stop();
    };
    EXPECT_FALSE(
        engine.restore({photo.path, photo.result, photo.mask}, {}, stop_there, stop.get_token()));
    EXPECT_LT(last, 0.6);
    EXPECT_EQ(photo.num_files(), 1);
  }
  double last = 0;
  photo.restore(mending({}), {}, [&](double share) { last = share; });
  EXPECT_EQ(last, 1);
  EXPECT_EQ(photo.num_files(), 3);
}

TEST(Engine, APhotographOfOneTileIsAskedOfTheNetworkOnce) {
  for (const bool colourise : {false, true}) {
    const Photo photo(random_samples({60, 40}, 255));
    const auto network = std::make_shared<restore::MoodNetwork>();
    RestoreOptions options;
    options.tasks.colourise = colourise;
    photo.restore(network, options);
    EXPECT_EQ(network->num_calls, 1);
  }
}

TEST(Engine, TheResultHasTheFormatThatIsAskedForOrNamedOrThePhotographs) {
  const Photo photo(random_samples({30, 20}, 255), Format::tiff);
  const Engine engine(mending({}), {});
  const auto format_of = [&](const char* name, std::optional<Format> format) {
    const RestoreJob job{photo.path, photo.folder / name, "", format};
    const Format said = engine.restore(job, {})->format;
    EXPECT_EQ(imaging::ImageFile(job.restored).format(), said);
    return said;
  };
  EXPECT_EQ(format_of("b.png", Format::webp), Format::webp);
  EXPECT_EQ(format_of("b.png", {}), Format::png);
  EXPECT_EQ(format_of("b", {}), Format::tiff);
}

TEST(Engine, WhatJpegCannotHoldIsRoundedAndLaidOnWhiteAndThatIsSaid) {
  Photo photo({{1, 1, 16, 3, true}, {0, 0, 0, 32768}});
  photo.result = photo.folder / "b.jpg";
  const RestoredPhoto done = photo.restore(mending({}), with_strength(0));
  EXPECT_EQ(done.bits, 16);
  EXPECT_THAT(done.notes, testing::UnorderedElementsAre(HasSubstr("16 were rounded to 8"),
                                                        HasSubstr("laid on white")));
  const Samples after = read_samples(photo.result);
  EXPECT_EQ(after.form.channels(), 3);
  EXPECT_THAT(after.values, Each(testing::AllOf(testing::Ge(126), testing::Le(128))));
}

TEST(Engine, SaysWhatWasFoundAndWritesTheDamage) {
  Samples samples = middle_third(90, 120);
  for (auto& value : samples.values) value = value > 0 ? 255 : 60;
  Photo photo(samples);
  photo.mask = photo.folder / "found.png";
  const RestoredPhoto done = photo.restore(mending({.damaged_above = 0.9F}), {});
  EXPECT_EQ(done.width, 120);
  EXPECT_EQ(done.height, 90);
  EXPECT_NEAR(done.found.damaged_share, 1.0 / 9, 1e-9);
  EXPECT_EQ(done.found.white, 1);
  EXPECT_EQ(done.strengths.inpaint, 1);
  EXPECT_EQ(done.damage.width, 120);
  EXPECT_EQ(read_samples(photo.mask).values, middle_third(90, 120).values);
}

TEST(Engine, SensitivityDecidesWhatIsFoundInOneTileAndInMany) {
  for (const int64_t scale : {1, 4}) {
    Samples samples = middle_third(30 * scale, 60 * scale);
    for (auto& value : samples.values) value = value > 0 ? 255 : 60;
    const Photo photo(samples);
    const auto share = [&](double sensitivity) {
      RestoreOptions options = with_strength(1);
      options.sensitivity = sensitivity;
      return photo.restore(mending({.damaged_above = 0.9F, .certainty = 1}), options)
          .found.damaged_share;
    };
    EXPECT_NEAR(share(0), 1.0 / 9, 1e-9);
    EXPECT_EQ(share(-1), 0);
    EXPECT_EQ(share(1), 1);
  }
}

TEST(Engine, MuchDamageThatNobodyMarkedIsDoubted) {
  Samples samples{{120, 100}, std::vector<uint16_t>(120 * 100, 60)};
  std::fill_n(samples.values.begin(), 120 * 30, 255);
  const Photo photo(samples);
  const auto notes = [&](float damaged_above, RestoreOptions options) {
    return photo.restore(mending({.damaged_above = damaged_above}), options).notes;
  };
  RestoreOptions options;
  EXPECT_THAT(notes(0.9F, options),
              ElementsAre(AllOf(HasSubstr("warning: 30% of the picture"),
                                HasSubstr("--sensitivity -1)"), HasSubstr("--tasks denoise"))));
  EXPECT_THAT(notes(2, options), IsEmpty());
  options.sensitivity = -2;
  EXPECT_THAT(notes(0.9F, options), ElementsAre(Not(HasSubstr("--sensitivity"))));
  options.mask = photo.marked(middle_third(100, 120));
  EXPECT_THAT(notes(0.9F, options), IsEmpty());
  options = with_strength(0);
  EXPECT_THAT(notes(0.9F, options), IsEmpty());
}

TEST(Engine, AModelThatRestoresNothingSaysSo) {
  struct LooksOnly : IdentityNetwork {
    bool restores_luma() const override { return false; }
  };
  const Photo photo({{60, 50}, std::vector<uint16_t>(60 * 50, 90)});
  const auto notes = [&](const char* tasks) {
    RestoreOptions options;
    options.tasks = restore::parse_tasks(tasks);
    return photo.restore(std::make_shared<LooksOnly>(), options).notes;
  };
  EXPECT_THAT(notes("denoise"), testing::Contains(HasSubstr("neither denoises nor inpaints")));
  EXPECT_THAT(notes("colourise"), testing::Not(testing::Contains(HasSubstr("neither denoises"))));
}

TEST(Engine, DamageIsFoundInAViewThatFitsTheMemory) {
  Samples samples = middle_third(1200, 1600);
  for (auto& value : samples.values) value = value > 0 ? 255 : 0;
  const Photo photo(samples);
  const auto network = mending({.damaged_above = 0.5F, .certainty = 3});
  const auto view = Engine(network, {}).find_damage(photo.path);
  EXPECT_EQ(view.width, 800);
  EXPECT_EQ(view.height, 600);
  // So much is damaged that 1 is added to the logit.
  EXPECT_EQ(view.levels[0], restore::kEvenLevel - 2 * restore::kLevelsPerLogit);
  EXPECT_EQ(view.levels[300 * 800 + 400], restore::kEvenLevel + 4 * restore::kLevelsPerLogit);
  const Engine in_little(network, {.memory_bytes = int64_t{600} << 20});
  EXPECT_EQ(in_little.find_damage(photo.path).width, 534);
  std::stop_source stopped;
  stopped.request_stop();
  EXPECT_THAT(Engine(network, {}).find_damage(photo.path, stopped.get_token()).levels, IsEmpty());
  const Engine blind(std::make_shared<restore::MoodNetwork>(), {});
  EXPECT_THAT(blind.find_damage(photo.path).levels, IsEmpty());
}

TEST(Engine, FailuresHaveTheirKindsAndLeaveNothing) {
  const Photo photo(random_samples({300, 300}, 255));
  EXPECT_EQ(kind_of_failure([&] {
              const tests::FullDisk full(9000);
              photo.restore(mending({}), {});
            }),
            ErrorKind::io);
  EXPECT_EQ(kind_of_failure([&] {
              photo.restore(std::make_shared<restore::NotANumberNetwork>(), with_strength(1));
            }),
            ErrorKind::numeric);
  EXPECT_EQ(kind_of_failure([&] {
              Engine(mending({}), {.memory_bytes = 1000}).restore({photo.path, "b.png"}, {});
            }),
            ErrorKind::usage);
  fs::resize_file(photo.path, 20'000);
  EXPECT_EQ(kind_of_failure([&] { photo.restore(mending({}), {}); }), ErrorKind::corrupt);
  EXPECT_EQ(photo.num_files(), 1);
  fs::remove(photo.path);
  EXPECT_EQ(kind_of_failure([&] { photo.restore(mending({}), {}); }), ErrorKind::corrupt);
}

TEST(Engine, RefusesImpossibleOptions) {
  const auto refuses = [](const char* option, const restore::EngineOptions& options) {
    tests::expect_error(ErrorKind::usage, option, [&] { Engine(mending({}), options); });
  };
  refuses("--threads", {.threads = -1});
  refuses("--tile", {.tile = 32});
  refuses("--overlap", {.overlap = -1});
}
