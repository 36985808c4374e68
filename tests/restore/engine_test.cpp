// What the engine writes, finds and says, and how it fails.
#include "restore/engine.h"

#include <gmock/gmock.h>

#include "common/error.h"
#include "tests/common/expect_error.h"
#include "tests/common/full_disk.h"
#include "tests/imaging/sample_picture.h"
#include "tests/restore/fake_networks.h"
#include "tests/restore/sample_photo.h"

namespace fs = std::filesystem;
using common::Error;
using common::ErrorKind;
using imaging::Format;
using imaging::random_samples;
using imaging::read_samples;
using imaging::Samples;
using restore::Engine;
using restore::IdentityNetwork;
using restore::mending;
using restore::middle_third;
using restore::RestoredPhoto;
using restore::RestoreJob;
using restore::RestoreOptions;
using restore::SamplePhoto;
using restore::with_strength;
using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

namespace {

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

TEST(Engine, LooksForDamageInTheSmallVersionOfASoftScanToo) {
  for (const int64_t size_of_a_dot : {1, 2}) {
    const Samples dots = random_samples({520, 520}, 255);
    Samples samples = dots;
    for (int64_t i = 0; i < 520 * 520; ++i) {  // stronger to the right
      const int64_t x = i % 520 / size_of_a_dot, y = i / 520 / size_of_a_dot;
      const auto dot = dots.values[static_cast<size_t>(y * 520 + x)];
      samples.values[static_cast<size_t>(i)] = static_cast<uint16_t>(100 + dot * (i % 520) / 1'000);
    }
    const SamplePhoto photo(samples);
    const auto network = mending({});
    Engine(network, {}).restore({photo.path, photo.result}, {});
    EXPECT_EQ(network->num_calls, size_of_a_dot);  // the photograph; and its small version
  }
}

TEST(Engine, AStopLeavesNoFile) {
  SamplePhoto photo(random_samples({203, 331}, 255));
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
    const SamplePhoto photo(random_samples({60, 40}, 255));
    const auto network = std::make_shared<restore::MoodNetwork>();
    RestoreOptions options;
    options.tasks.colourise = colourise;
    photo.restore(network, options);
    EXPECT_EQ(network->num_calls, 1);
  }
}

TEST(Engine, TheResultHasTheFormatThatIsAskedForOrNamedOrThePhotographs) {
  const SamplePhoto photo(random_samples({30, 20}, 255), Format::tiff);
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
  SamplePhoto photo({{1, 1, 16, 3, true}, {0, 0, 0, 32768}});
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
  SamplePhoto photo(samples);
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
    const SamplePhoto photo(samples);
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
  Samples samples = random_samples({120, 100}, 100);
  for (size_t i = 0; i < samples.values.size(); ++i) {
    if (i % 120 >= 42 && i % 120 < 78) samples.values[i] = 255;
  }
  const SamplePhoto photo(samples);
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
  const SamplePhoto photo({{60, 50}, std::vector<uint16_t>(60 * 50, 90)});
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
  const SamplePhoto photo(samples);
  const auto network = mending({.damaged_above = 0.5F, .certainty = 3});
  const auto view = Engine(network, {}).find_damage(photo.path);
  EXPECT_EQ(network->num_calls, 4);  // it is large: of its small version, too; both once more
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

TEST(Engine, AMaskOfAnotherSizeIsAUsageError) {
  const SamplePhoto photo(random_samples({50, 40}, 255));
  RestoreOptions options;
  options.mask = photo.marked(middle_third(50, 40));
  EXPECT_EQ(kind_of_failure([&] { photo.restore(mending({}), options); }), ErrorKind::usage);
}

TEST(Engine, FailuresHaveTheirKindsAndLeaveNothing) {
  const SamplePhoto photo(random_samples({300, 300}, 255));
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
  refuses("--overlap", {.tile = 64, .overlap = 33});
}
