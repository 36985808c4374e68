#include "restore/plan_jobs.h"

#include <gmock/gmock.h>

#include <fstream>

#include "common/error.h"
#include "tests/common/expect_error.h"
#include "tests/common/temporary_folder.h"

namespace fs = std::filesystem;
using restore::JobOptions;
using restore::plan_jobs;
using testing::ElementsAre;
using tests::TemporaryFolder;

namespace {

void touch(const fs::path& path) {
  fs::create_directories(path.parent_path());
  std::ofstream(path).put('x');
}

std::vector<std::string> outputs(const JobOptions& options) {
  std::vector<std::string> names;
  for (const auto& job : plan_jobs(options)) {
    names.push_back(job.restored.lexically_relative(options.output).string());
  }
  return names;
}

void refuses_jobs(const char* why, const JobOptions& options) {
  tests::expect_error(common::ErrorKind::usage, why, [&] { plan_jobs(options); });
}

}  // namespace

TEST(PlanJobs, KeepsFoldersBelowAFolder) {
  const tests::TemporaryFolder folder;
  touch(folder / "in/a.jpg");
  touch(folder / "in/deep/b.tif");
  EXPECT_THAT(outputs({{folder / "in"}, folder / "out"}),
              ElementsAre("a.restored.jpg", "deep/b.restored.tif"));
}

TEST(PlanJobs, PassesOverWhatAnEarlierRunLeftThere) {
  const tests::TemporaryFolder folder;
  for (const char* name : {"a.jpg", "a.restored.png", "a.restored.mask.png"}) {
    touch(folder / name);
  }
  EXPECT_THAT(outputs({{folder.path()}, folder.path()}), ElementsAre("a.restored.jpg"));
}

TEST(PlanJobs, FilesThatDifferByExtensionKeepIt) {
  const tests::TemporaryFolder folder;
  for (const char* name : {"a.jpg", "a.tif", "b.jpg"}) touch(folder / name);
  EXPECT_THAT(outputs({{folder.path()}, "out"}),
              ElementsAre("a.jpg.restored.jpg", "a.tif.restored.tif", "b.restored.jpg"));
}

TEST(PlanJobs, AFileThatIsNamedTwiceIsRestoredOnce) {
  const tests::TemporaryFolder folder;
  touch(folder / "a.jpg");
  EXPECT_EQ(plan_jobs({{folder / "a.jpg", folder.path()}, "out"}).size(), 1U);
}

TEST(PlanJobs, NeverOverwritesAPhotograph) {
  const tests::TemporaryFolder folder;
  touch(folder / "a.png");
  JobOptions options{{folder / "a.png"}, folder.path(), ""};
  refuses_jobs("would be overwritten", options);
  options.suffix = ".new";
  EXPECT_NO_THROW(plan_jobs(options));
}

TEST(PlanJobs, WithoutAFolderPutsResultsBesideThePhotographs) {
  const tests::TemporaryFolder folder;
  for (const char* name : {"x/a.jpg", "y/a.jpg", "y/deep/b.tif", "y/b.restored.png"}) {
    touch(folder / name);
  }
  std::vector<fs::path> restored;
  for (const auto& job : plan_jobs({{folder / "x/a.jpg", folder / "y"}, ""})) {
    restored.push_back(fs::relative(job.restored, folder.path()));
  }
  EXPECT_THAT(restored,
              ElementsAre("x/a.restored.jpg", "y/a.restored.jpg", "y/deep/b.restored.tif"));
}

TEST(PlanJobs, WithoutAFolderSeesThatTwoSpellingsAreOneOutput) {
  const tests::TemporaryFolder folder;
  touch(folder / "a.jpg");
  touch(folder / "a.tif");
  const auto jobs =
      plan_jobs({{folder / "a.jpg", folder / "../" / folder.path().filename() / "a.tif"}, ""});
  ASSERT_EQ(jobs.size(), 2U);
  EXPECT_NE(jobs[0].restored, jobs[1].restored);
}

TEST(PlanJobs, RefusesTwoPhotographsForOneOutput) {
  refuses_jobs("would be written to one file", {{"x/a.jpg", "y/a.jpg"}, "out"});
}

TEST(PlanJobs, ResultsHaveThePhotographsOwnEndingUnlessAFormatIsAskedFor) {
  const tests::TemporaryFolder folder;
  for (const char* name : {"a.JPG", "b.tiff", "c"}) touch(folder / name);
  JobOptions options{{folder / "a.JPG", folder / "b.tiff", folder / "c"}, "out"};
  EXPECT_THAT(outputs(options), ElementsAre("a.restored.JPG", "b.restored.tiff", "c.restored.png"));
  options.format = imaging::Format::webp;
  EXPECT_THAT(outputs(options),
              ElementsAre("a.restored.webp", "b.restored.webp", "c.restored.webp"));
}

TEST(PlanJobs, TheMaskStandsBesideTheResultIfItIsWanted) {
  const tests::TemporaryFolder folder;
  touch(folder / "a.jpg");
  JobOptions options{{folder / "a.jpg"}, "out"};
  EXPECT_EQ(plan_jobs(options).front().mask, "");
  options.save_mask = true;
  EXPECT_EQ(plan_jobs(options).front().mask, "out/a.restored.mask.png");
}

TEST(PlanJobs, NeverOverwritesAPhotographWithAMask) {
  const tests::TemporaryFolder folder;
  for (const char* name : {"a.jpg", "a.restored.mask.png"}) touch(folder / name);
  JobOptions options{{folder / "a.jpg", folder / "a.restored.mask.png"}, ""};
  EXPECT_NO_THROW(plan_jobs(options));
  options.save_mask = true;
  refuses_jobs("would be overwritten", options);
}

TEST(PlanJobs, RefusesASuffixThatNamesAFolder) {
  refuses_jobs("--suffix", {{"a.jpg"}, "out", "x/y"});
}

TEST(PlanJobs, FormatAndQualityAreThoseOfAllResults) {
  const tests::TemporaryFolder folder;
  touch(folder / "a.jpg");
  const auto jobs =
      plan_jobs({.photos = {folder.path()}, .format = imaging::Format::webp, .quality = 40});
  ASSERT_EQ(jobs.size(), 1U);
  EXPECT_EQ(jobs[0].format, imaging::Format::webp);
  EXPECT_EQ(jobs[0].quality, 40);
  tests::expect_error(common::ErrorKind::usage, "--quality 0",
                      [&] { plan_jobs({.photos = {folder.path()}, .quality = 0}); });
}
