#include "launcher/launch_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/common/expect_error.h"

namespace launcher {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;

/// Any number of up to 8 workers can share its step.
JobFacts job_on(const std::string& device = "cpu") {
  return {.device = device, .micro_batches = 840};
}

void expect_refusal(const LaunchOptions& options, const Machine& machine, const std::string& words,
                    const std::string& device = "cpu") {
  tests::expect_error(common::ErrorKind::usage, words,
                      [&] { plan_launch(options, machine, job_on(device)); });
}

Machine machine_of(int cores) { return {.cores = cores, .worker_program = "/opt/restore-worker"}; }

TEST(LaunchPlan, StartsOneWorkerACoreByDefault) {
  const LaunchPlan plan =
      plan_launch({.worker_arguments = {"--config", "a.yaml"}}, machine_of(4), job_on());
  EXPECT_EQ(plan.workers, 4);
  EXPECT_EQ(plan.threads_per_worker, 1);
  EXPECT_THAT(plan.command, ElementsAre("mpirun", "--bind-to", "none", "--oversubscribe", "-x",
                                        "OMP_NUM_THREADS", "-x", "RESTORE_ATTEMPT", "-np", "4",
                                        "/opt/restore-worker", "--config", "a.yaml"));
}

TEST(LaunchPlan, StartsAsManyAsCanShareAStepByDefault) {
  EXPECT_EQ(plan_launch({}, machine_of(7), {.micro_batches = 16}).workers, 4);
  EXPECT_EQ(plan_launch({.workers = 7}, machine_of(7), {.micro_batches = 16}).workers, 7);
}

TEST(LaunchPlan, StartsOneWorkerAGpuWhereTheJobWantsThem) {
  Machine machine = machine_of(24);
  machine.gpus = 4;
  const LaunchPlan plan = plan_launch({}, machine, job_on("cuda"));
  EXPECT_EQ(plan.workers, 4);
  EXPECT_EQ(plan.threads_per_worker, 6);
  expect_refusal({.workers = 5}, machine, "the driver offers 4 GPUs; give --workers 4", "cuda");
  EXPECT_EQ(plan_launch({.workers = 5, .oversubscribe = true}, machine, job_on("cuda")).workers, 5);
  EXPECT_EQ(plan_launch({}, machine, job_on("cpu")).workers, 24);
  machine.gpus = 0;
  EXPECT_EQ(plan_launch({}, machine, job_on("auto")).workers, 24);
}

TEST(LaunchPlan, SharesTheCoresAmongFewerWorkers) {
  EXPECT_EQ(plan_launch({.workers = 2}, machine_of(8), job_on()).threads_per_worker, 4);
  EXPECT_EQ(plan_launch({.workers = 3}, machine_of(8), job_on()).threads_per_worker, 2);
}

TEST(LaunchPlan, BindsWorkersOnlyWhereTheJobTakesTheWholeMachine) {
  Machine machine = machine_of(8);
  machine.owns_all_cores = true;
  EXPECT_THAT(plan_launch({.workers = 4}, machine, job_on()).command, Contains("slot:PE=2"));
  EXPECT_THAT(plan_launch({.workers = 3}, machine, job_on()).command, Contains("none"));
  machine.owns_all_cores = false;
  EXPECT_THAT(plan_launch({.workers = 4}, machine, job_on()).command, Contains("none"));
}

TEST(LaunchPlan, RefusesTwoWorkersOnACoreUnlessAsked) {
  expect_refusal({.workers = 3}, machine_of(2), "2 cores may be used");
  const LaunchPlan plan =
      plan_launch({.workers = 3, .oversubscribe = true}, machine_of(2), job_on());
  EXPECT_EQ(plan.workers, 3);
  EXPECT_EQ(plan.threads_per_worker, 1);
}

TEST(LaunchPlan, SpreadsWorkersOverTheHosts) {
  Machine machine = machine_of(8);
  machine.hosts = {{"a", 4}, {"b", 2}};
  const LaunchPlan plan = plan_launch({}, machine, job_on());
  EXPECT_EQ(plan.workers, 6);
  EXPECT_EQ(plan.threads_per_worker, 2);
  EXPECT_THAT(shell_line(plan), testing::HasSubstr("--host a:4,b:2"));
  expect_refusal({.workers = 7}, machine, "--hosts has room for 6");
}

TEST(LaunchPlan, AllowsRootOnlyForRoot) {
  Machine machine = machine_of(1);
  EXPECT_THAT(plan_launch({}, machine, job_on()).command, Not(Contains("--allow-run-as-root")));
  machine.is_root = true;
  EXPECT_THAT(plan_launch({}, machine, job_on()).command, Contains("--allow-run-as-root"));
}

TEST(LaunchPlan, UsesSrunWithTheTasksOfTheAllocation) {
  Machine machine = machine_of(2);
  machine.slurm = SlurmJob{"17", 6, 4};
  const LaunchPlan plan = plan_launch({}, machine, job_on());
  EXPECT_EQ(plan.workers, 6);
  EXPECT_EQ(plan.threads_per_worker, 4);
  EXPECT_THAT(plan.command, ElementsAre("srun", "--mpi=pmix", "--kill-on-bad-exit=1", "--wait=60",
                                        "--ntasks=6", "--cpus-per-task=4", "/opt/restore-worker"));
  EXPECT_THAT(plan.end_command, ElementsAre("scancel", "--signal=KILL", "17"));
  expect_refusal({.workers = 7, .oversubscribe = true}, machine, "Slurm's job 17 has 6 tasks");
}

TEST(LaunchPlan, UsesMpirunInAnAllocationOfOneTask) {
  Machine machine = machine_of(2);
  machine.slurm = SlurmJob{"17", 1, 2};
  EXPECT_EQ(plan_launch({}, machine, job_on()).command.front(), "mpirun");
}

TEST(LaunchPlan, QuotesItsLineForAShell) {
  LaunchPlan plan{
      .workers = 1, .threads_per_worker = 2, .command = {"echo", "a b", "it's", "", "k=v"}};
  EXPECT_EQ(shell_line(plan), R"(OMP_NUM_THREADS=2 echo 'a b' 'it'\''s' '' k=v)");
}

}  // namespace
}  // namespace launcher
