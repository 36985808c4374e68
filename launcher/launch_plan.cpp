#include "launcher/launch_plan.h"

#include <algorithm>

#include "common/error.h"

namespace launcher {
namespace {

using common::Error;
using common::ErrorKind;

void append(std::vector<std::string>& command, const std::vector<std::string>& words) {
  command.insert(command.end(), words.begin(), words.end());
}

LaunchPlan plan_mpirun(const LaunchOptions& options, const Machine& machine) {
  LaunchPlan plan;
  plan.workers = options.workers == 0 ? machine.cores : options.workers;
  if (plan.workers > machine.cores && !options.oversubscribe) {
    throw Error(ErrorKind::usage, std::to_string(plan.workers) + " workers were asked for and " +
                                      std::to_string(machine.cores) +
                                      " cores may be used; give --workers " +
                                      std::to_string(machine.cores) +
                                      " or fewer, or --oversubscribe to let workers share cores");
  }
  plan.threads_per_worker = std::max(1, machine.cores / plan.workers);
  plan.command = {"mpirun"};
  if (machine.is_root) plan.command.push_back("--allow-run-as-root");
  // By default mpirun binds a rank to one core, whatever number of threads it has. --oversubscribe:
  // the cores were counted above; mpirun counts slots, which are fewer with hyper-threads and in an
  // allocation of one task.
  append(plan.command,
         {"--bind-to", "none", "--oversubscribe", "-np", std::to_string(plan.workers)});
  return plan;
}

LaunchPlan plan_srun(const LaunchOptions& options, const SlurmJob& job) {
  LaunchPlan plan;
  plan.workers = options.workers == 0 ? job.num_tasks : options.workers;
  if (plan.workers > job.num_tasks) {
    throw Error(ErrorKind::usage, std::to_string(plan.workers) +
                                      " workers were asked for and Slurm's job " + job.id +
                                      " has " + std::to_string(job.num_tasks) +
                                      " tasks; give --workers " + std::to_string(job.num_tasks) +
                                      " or fewer, or ask sbatch for more with --ntasks");
  }
  plan.threads_per_worker = job.cpus_per_task;
  // --mpi=pmix: the one interface of Slurm through which OpenMPI's ranks find each other.
  // --cpus-per-task is repeated because srun does not inherit it from sbatch since Slurm 22.05.
  plan.command = {"srun",
                  "--mpi=pmix",
                  "--kill-on-bad-exit=1",
                  "--wait=60",
                  "--ntasks=" + std::to_string(plan.workers),
                  "--cpus-per-task=" + std::to_string(job.cpus_per_task)};
  return plan;
}

std::string quoted(const std::string& word) {
  const char* const kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=:,./@%";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) return word;
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

}  // namespace

LaunchPlan plan_launch(const LaunchOptions& options, const Machine& machine) {
  const bool by_srun = machine.slurm && machine.slurm->num_tasks > 1;
  LaunchPlan plan = by_srun ? plan_srun(options, *machine.slurm) : plan_mpirun(options, machine);
  plan.command.push_back(machine.worker_program.string());
  append(plan.command, options.worker_arguments);
  return plan;
}

std::string shell_line(const LaunchPlan& plan) {
  std::string line = "OMP_NUM_THREADS=" + std::to_string(plan.threads_per_worker);
  for (const std::string& word : plan.command) line += " " + quoted(word);
  return line;
}

}  // namespace launcher
