#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "launcher/launch_plan.h"
#include "tests/common/expect_error.h"

namespace launcher {
namespace {

namespace fs = std::filesystem;

TEST(LegalWorkers, DivideTheMicroBatches) {
  const JobFacts job{.micro_batches = 12};
  EXPECT_EQ(largest_legal_workers(job, 100), 12);
  EXPECT_EQ(largest_legal_workers(job, 11), 6);
  EXPECT_EQ(largest_legal_workers(job, 5), 4);
  EXPECT_EQ(largest_legal_workers(job, 0), 1);
}

TEST(LegalWorkers, KeepWholeSubtreesOfTheTree) {
  const JobFacts job{.micro_batches = 12, .tree = true};  // 12/12, 12/6, 12/3 are powers of two
  EXPECT_EQ(largest_legal_workers(job, 100), 12);
  EXPECT_EQ(largest_legal_workers(job, 11), 6);
  EXPECT_EQ(largest_legal_workers(job, 5), 3);
  EXPECT_EQ(largest_legal_workers(job, 2), 1);
}

/// A script in the place of restore-worker.
fs::path program_that(const std::string& does) {
  const fs::path path = testing::TempDir() + "/" +
                        testing::UnitTest::GetInstance()->current_test_info()->name() + "-worker";
  std::ofstream(path) << "#!/bin/sh\n" << does;
  fs::permissions(path, fs::perms::owner_all);
  return path;
}

TEST(JobFacts, AreAskedOfTheWorkersProgram) {
  const fs::path program = program_that(R"(
[ "$*" = "--config a.yaml --print-config" ] || exit 1
cat <<END
run:
  name: "x"
  folder: "/runs"
  device: "cuda"
  seed: 3
schedule:
  micro_batches_per_step: 16
comm:
  reduction: "tree"
watchdog:
  step_s: 7
  save_s: 9
END
)");
  const JobFacts job = ask_worker_program(program, {"--config", "a.yaml"});
  EXPECT_EQ(job.run_folder, "/runs/x");
  EXPECT_EQ(job.device, "cuda");
  EXPECT_EQ(job.micro_batches, 16);
  EXPECT_TRUE(job.tree);
  EXPECT_EQ(job.deadlines_s.at("step"), 7);
  EXPECT_EQ(job.deadlines_s.at("end"), 9);
  fs::remove(program);
}

TEST(JobFacts, PassARefusalOn) {
  const fs::path program = program_that("exit 78\n");
  tests::expect_error(common::ErrorKind::config, "exit code 78",
                      [&] { ask_worker_program(program, {}); });
  fs::remove(program);
}

}  // namespace
}  // namespace launcher
