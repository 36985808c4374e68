#include "restore/batch.h"

#include <gmock/gmock.h>

#include <fstream>
#include <mutex>
#include <set>

#include "common/error.h"
#include "common/files.h"
#include "restore/engine.h"
#include "tests/common/expect_error.h"
#include "tests/common/full_disk.h"
#include "tests/common/temporary_folder.h"
#include "tests/imaging/sample_picture.h"
#include "tests/restore/fake_networks.h"

namespace fs = std::filesystem;
using common::Error;
using common::ErrorKind;
using restore::BatchOptions;
using restore::restore_batch;
using restore::RestoredPhoto;
using restore::RestoreJob;
using testing::ElementsAre;
using testing::IsEmpty;
using tests::TemporaryFolder;

namespace {

const std::stop_token kGoOn;

std::vector<RestoreJob> jobs_in(const tests::TemporaryFolder& folder, int count) {
  std::vector<RestoreJob> jobs;
  for (int i = 0; i < count; ++i) {
    const std::string name(1, static_cast<char>('a' + i));
    jobs.push_back({folder / (name + ".png"), folder / ("out/" + name + ".png")});
  }
  return jobs;
}

/// Writes the photograph's name.
std::optional<RestoredPhoto> copy_name(const RestoreJob& job, const restore::RestoreOptions&,
                                       const restore::PhotoProgress& progress,
                                       const std::stop_token& stop) {
  progress(0.5);
  if (stop.stop_requested()) return std::nullopt;
  std::ofstream(job.restored) << job.photo.filename().string();
  RestoredPhoto done;
  done.job = job;
  return done;
}

/// Fails for the photograph of this name.
restore::RestorePhoto failing_at(const std::string& name, ErrorKind kind) {
  return [=](const auto& job, const auto& options, const auto& progress, const auto& stop) {
    if (job.photo.filename() == name) throw Error(kind, name + " is bad");
    return copy_name(job, options, progress, stop);
  };
}

}  // namespace

TEST(Batch, RestoresAllAndTellsOfEach) {
  const tests::TemporaryFolder folder;
  std::set<std::string> told;
  const auto tell = [&](const RestoredPhoto& photo) { told.insert(photo.job.photo.filename()); };
  const auto result = restore_batch(jobs_in(folder, 3), {}, {}, copy_name, tell, kGoOn);
  EXPECT_THAT(result.failed, IsEmpty());
  EXPECT_FALSE(result.interrupted);
  EXPECT_THAT(told, ElementsAre("a.png", "b.png", "c.png"));
  EXPECT_EQ(common::read_file(folder / "out/c.png"), "c.png");
}

TEST(Batch, PassesOverWhatIsThereUnlessToOverwrite) {
  const tests::TemporaryFolder folder;
  fs::create_directory(folder / "out");
  std::ofstream(folder / "out/b.png") << "earlier";
  EXPECT_EQ(restore_batch(jobs_in(folder, 3), {}, {}, copy_name, {}, kGoOn).num_there, 1);
  EXPECT_EQ(common::read_file(folder / "out/b.png"), "earlier");
  EXPECT_EQ(
      restore_batch(jobs_in(folder, 3), {}, {.overwrite = true}, copy_name, {}, kGoOn).num_there,
      0);
  EXPECT_EQ(common::read_file(folder / "out/b.png"), "b.png");
}

TEST(Batch, GoesOnAfterAPhotographThatIsBad) {
  for (const ErrorKind kind : {ErrorKind::corrupt, ErrorKind::usage, ErrorKind::io}) {
    const tests::TemporaryFolder folder;
    const auto result =
        restore_batch(jobs_in(folder, 3), {}, {}, failing_at("b.png", kind), {}, kGoOn);
    EXPECT_THAT(result.failed, ElementsAre(folder / "b.png"));
    EXPECT_FALSE(fs::exists(folder / "out/b.png"));
    EXPECT_TRUE(fs::exists(folder / "out/c.png"));
  }
}

TEST(Batch, EndsWithWhatWouldHappenToTheNextToo) {
  for (const int64_t jobs : {1, 2}) {
    const tests::TemporaryFolder folder;
    tests::expect_error(ErrorKind::config, "a.png", [&] {
      restore_batch(jobs_in(folder, 9), {}, {.jobs = jobs}, failing_at("a.png", ErrorKind::config),
                    {}, kGoOn);
    });
    EXPECT_FALSE(fs::exists(folder / "out/i.png"));
  }
}

TEST(Batch, StopsInTheMiddleOfAPhotographAndGoesOnAfterwards) {
  const tests::TemporaryFolder folder;
  std::stop_source source;
  const auto stopping_at_b = [&](const auto& job, const auto& options, const auto& progress,
                                 const auto& stop) {
    if (job.photo.filename() == "b.png") source.request_stop();
    return copy_name(job, options, progress, stop);
  };
  const auto result =
      restore_batch(jobs_in(folder, 4), {}, {}, stopping_at_b, {}, source.get_token());
  EXPECT_TRUE(result.interrupted);
  EXPECT_TRUE(fs::exists(folder / "out/a.png"));
  EXPECT_FALSE(fs::exists(folder / "out/b.png"));
  EXPECT_FALSE(fs::exists(folder / "out/c.png"));
  EXPECT_EQ(restore_batch(jobs_in(folder, 4), {}, {}, copy_name, {}, kGoOn).num_there, 1);
  EXPECT_TRUE(fs::exists(folder / "out/d.png"));
}

TEST(Batch, TwoAtATimeGiveTheSameFilesAsOne) {
  const tests::TemporaryFolder folder;
  const restore::Engine engine(model::make_network({.name = "restorer",
                                                    .widths = {},
                                                    .blocks = 1,
                                                    .find = {4, 8},
                                                    .restore = {4, 8},
                                                    .colourise = {4}},
                                                   3),
                               {.tile = 64, .overlap = 16});
  const auto restore_photo = [&](const auto& job, const auto& options, const auto& progress,
                                 const auto& stop) {
    return engine.restore(job, options, progress, stop);
  };
  std::vector<RestoreJob> one = jobs_in(folder, 4), two = one;
  for (size_t i = 0; i < one.size(); ++i) {
    const auto side = static_cast<int64_t>(60 + 50 * i);
    write_samples(one[i].photo, imaging::random_samples({side, 90, 8, 3, false}, 255),
                  imaging::Format::png);
    one[i].provenance = two[i].provenance = false;  // which says when
    two[i].restored = folder / "two" / one[i].photo.filename();
  }
  restore_batch(one, {}, {.jobs = 1}, restore_photo, {}, kGoOn);
  restore_batch(two, {}, {.jobs = 2}, restore_photo, {}, kGoOn);
  for (size_t i = 0; i < one.size(); ++i) {
    EXPECT_EQ(common::read_file(one[i].restored), common::read_file(two[i].restored)) << i;
  }
}

TEST(Batch, AFullDiskEndsTheBatch) {
  const tests::TemporaryFolder folder;
  const restore::Engine engine(
      std::make_shared<restore::MendingNetwork>(restore::MendingNetwork::Says{}), {});
  const auto jobs = jobs_in(folder, 2);
  for (const auto& job : jobs) {
    write_samples(job.photo, imaging::random_samples({200, 200}, 255), imaging::Format::png);
  }
  const tests::FullDisk full(9000);
  tests::expect_error(ErrorKind::io, "is the disk full",
                      [&] { restore_batch(jobs, {}, {}, engine.as_function(), {}, kGoOn); });
  EXPECT_TRUE(fs::is_empty(folder / "out"));
}

TEST(Batch, RefusesNoJobsAndTooMany) {
  for (const int64_t jobs : {0, 65}) {
    tests::expect_error(ErrorKind::usage, "--jobs", [&] { BatchOptions{.jobs = jobs}.validate(); });
  }
}
