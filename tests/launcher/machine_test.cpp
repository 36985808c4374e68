#include "launcher/machine.h"

#include <gtest/gtest.h>

#include <map>

#include "tests/common/expect_error.h"

namespace launcher {
namespace {

Environment environment_of(std::map<std::string, std::string> variables) {
  return [variables](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::string() : found->second;
  };
}

void expect_refusal(const std::map<std::string, std::string>& variables, const std::string& words) {
  tests::expect_error(common::ErrorKind::usage, words,
                      [&] { slurm_job(environment_of(variables)); });
}

TEST(SlurmJob, IsAbsentOutsideSlurm) { EXPECT_FALSE(slurm_job(environment_of({}))); }

TEST(SlurmJob, ReadsTasksAndCores) {
  const auto job = slurm_job(environment_of(
      {{"SLURM_JOB_ID", "17"}, {"SLURM_NTASKS", "8"}, {"SLURM_CPUS_PER_TASK", "3"}}));
  ASSERT_TRUE(job);
  EXPECT_EQ(job->id, "17");
  EXPECT_EQ(job->num_tasks, 8);
  EXPECT_EQ(job->cpus_per_task, 3);
}

TEST(SlurmJob, IsOneTaskOfOneCoreUnlessSaid) {
  const auto job = slurm_job(environment_of({{"SLURM_JOB_ID", "17"}}));
  ASSERT_TRUE(job);
  EXPECT_EQ(job->num_tasks, 1);
  EXPECT_EQ(job->cpus_per_task, 1);
}

TEST(SlurmJob, RefusesToBeStartedByEveryTaskOfSrun) {
  expect_refusal({{"SLURM_JOB_ID", "17"}, {"SLURM_STEP_NUM_TASKS", "2"}}, "one of 2 tasks of srun");
}

TEST(SlurmJob, RefusesAVariableThatIsNoNumber) {
  for (const char* number : {"8x", "0"}) {
    expect_refusal({{"SLURM_JOB_ID", "17"}, {"SLURM_NTASKS", number}},
                   std::string("SLURM_NTASKS is '") + number + "'");
  }
}

}  // namespace
}  // namespace launcher
