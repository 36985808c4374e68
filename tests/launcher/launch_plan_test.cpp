#include "launcher/launch_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/error.h"

namespace launcher {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;

Machine machine_of(int cores) { return {.cores = cores, .worker_program = "/opt/restore-worker"}; }

TEST(LaunchPlan, StartsOneWorkerACoreByDefault) {
  const LaunchPlan plan = plan_launch({.worker_arguments = {"--config", "a.yaml"}}, machine_of(4));
  EXPECT_EQ(plan.workers, 4);
  EXPECT_EQ(plan.threads_per_worker, 1);
  EXPECT_THAT(plan.command, ElementsAre("mpirun", "--bind-to", "none", "--oversubscribe", "-np",
                                        "4", "/opt/restore-worker", "--config", "a.yaml"));
}

TEST(LaunchPlan, SharesTheCoresAmongFewerWorkers) {
  EXPECT_EQ(plan_launch({.workers = 2}, machine_of(8)).threads_per_worker, 4);
  EXPECT_EQ(plan_launch({.workers = 3}, machine_of(8)).threads_per_worker, 2);
}

TEST(LaunchPlan, RefusesTwoWorkersOnACoreUnlessAsked) {
  EXPECT_THROW(plan_launch({.workers = 3}, machine_of(2)), common::Error);
  const LaunchPlan plan = plan_launch({.workers = 3, .oversubscribe = true}, machine_of(2));
  EXPECT_EQ(plan.workers, 3);
  EXPECT_EQ(plan.threads_per_worker, 1);
}

TEST(LaunchPlan, AllowsRootOnlyForRoot) {
  Machine machine = machine_of(1);
  EXPECT_THAT(plan_launch({}, machine).command, Not(Contains("--allow-run-as-root")));
  machine.is_root = true;
  EXPECT_THAT(plan_launch({}, machine).command, Contains("--allow-run-as-root"));
}

TEST(LaunchPlan, UsesSrunWithTheTasksOfTheAllocation) {
  Machine machine = machine_of(2);
  machine.slurm = SlurmJob{"17", 6, 4};
  const LaunchPlan plan = plan_launch({}, machine);
  EXPECT_EQ(plan.workers, 6);
  EXPECT_EQ(plan.threads_per_worker, 4);
  EXPECT_THAT(plan.command, ElementsAre("srun", "--mpi=pmix", "--kill-on-bad-exit=1", "--wait=60",
                                        "--ntasks=6", "--cpus-per-task=4", "/opt/restore-worker"));
  EXPECT_THROW(plan_launch({.workers = 7}, machine), common::Error);
}

TEST(LaunchPlan, UsesMpirunInAnAllocationOfOneTask) {
  Machine machine = machine_of(2);
  machine.slurm = SlurmJob{"17", 1, 2};
  EXPECT_EQ(plan_launch({}, machine).command.front(), "mpirun");
}

TEST(LaunchPlan, QuotesItsLineForAShell) {
  LaunchPlan plan{
      .workers = 1, .threads_per_worker = 2, .command = {"echo", "a b", "it's", "", "k=v"}};
  EXPECT_EQ(shell_line(plan), R"(OMP_NUM_THREADS=2 echo 'a b' 'it'\''s' '' k=v)");
}

}  // namespace
}  // namespace launcher
