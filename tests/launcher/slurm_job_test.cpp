#include "launcher/slurm_job.h"

#include <gtest/gtest.h>

#include <map>

#include "common/error.h"

namespace launcher {
namespace {

Environment environment_of(std::map<std::string, std::string> variables) {
  return [variables](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::string() : found->second;
  };
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
  EXPECT_THROW(slurm_job(environment_of({{"SLURM_JOB_ID", "17"}, {"SLURM_STEP_NUM_TASKS", "2"}})),
               common::Error);
}

TEST(SlurmJob, RefusesAVariableThatIsNoNumber) {
  EXPECT_THROW(slurm_job(environment_of({{"SLURM_JOB_ID", "17"}, {"SLURM_NTASKS", "8x"}})),
               common::Error);
  EXPECT_THROW(slurm_job(environment_of({{"SLURM_JOB_ID", "17"}, {"SLURM_NTASKS", "0"}})),
               common::Error);
}

}  // namespace
}  // namespace launcher
