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

bool by_srun(const Machine& machine) { return machine.slurm && machine.slurm->num_tasks > 1; }

bool by_gpus(const Machine& machine, const JobFacts& job) {
  return job.device != "cpu" && machine.gpus > 0;
}

/// "2 cores may be used", and what gives more.
std::string what_there_is(const Machine& machine, const JobFacts& job, int room) {
  const std::string number = std::to_string(room);
  if (by_srun(machine)) {
    return "Slurm's job " + machine.slurm->id + " has " + number +
           " tasks; ask sbatch for more with --ntasks";
  }
  if (!machine.hosts.empty()) return "--hosts has room for " + number;
  if (by_gpus(machine, job)) return "the driver offers " + number + " GPUs";
  return number + " cores may be used";
}

int choose_workers(const LaunchOptions& options, const Machine& machine, const JobFacts& job) {
  const int room = room_for_workers(machine, job);
  if (options.workers == 0) return largest_legal_workers(job, room);
  if (options.workers > room && (by_srun(machine) || !options.oversubscribe)) {
    const std::string share = by_srun(machine) ? "" : ", or --oversubscribe to let workers share";
    throw Error(ErrorKind::usage, std::to_string(options.workers) + " workers were asked for and " +
                                      what_there_is(machine, job, room) + "; give --workers " +
                                      std::to_string(room) + " or fewer" + share);
  }
  return options.workers;
}

/// Each worker is bound to cores of its own only where the job takes the whole machine: another job
/// that binds as well would pick the same cores. By default mpirun binds a rank to one core,
/// whatever number of threads it has.
std::vector<std::string> binding(const Machine& machine, const LaunchPlan& plan) {
  const bool whole_machine = machine.owns_all_cores && machine.hosts.empty() &&
                             plan.workers * plan.threads_per_worker == machine.cores;
  if (!whole_machine) return {"--bind-to", "none"};
  return {"--use-hwthread-cpus", "--bind-to", "hwthread:if-supported", "--map-by",
          "slot:PE=" + std::to_string(plan.threads_per_worker)};
}

LaunchPlan plan_mpirun(int workers, const Machine& machine) {
  LaunchPlan plan;
  plan.workers = workers;
  const int most_here = machine.hosts.empty()
                            ? workers
                            : std::ranges::max_element(machine.hosts, {}, &Host::slots)->slots;
  plan.threads_per_worker = std::max(1, machine.cores / most_here);
  plan.command = {"mpirun"};
  if (machine.is_root) plan.command.push_back("--allow-run-as-root");
  append(plan.command, binding(machine, plan));
  if (!machine.hosts.empty()) append(plan.command, {"--host", hosts_text(machine.hosts)});
  // --oversubscribe: the cores were counted above; mpirun counts slots, which are fewer with
  // hyper-threads and in an allocation of one task. -x: ranks of other machines get only what is
  // named.
  append(plan.command, {"--oversubscribe", "-x", "OMP_NUM_THREADS", "-x", "RESTORE_ATTEMPT", "-np",
                        std::to_string(plan.workers)});
  return plan;
}

LaunchPlan plan_srun(int workers, const SlurmJob& job) {
  LaunchPlan plan;
  plan.workers = workers;
  plan.threads_per_worker = job.cpus_per_task;
  // --mpi=pmix: the one interface of Slurm through which OpenMPI's ranks find each other.
  // --cpus-per-task is repeated because srun does not inherit it from sbatch since Slurm 22.05.
  plan.command = {"srun",
                  "--mpi=pmix",
                  "--kill-on-bad-exit=1",
                  "--wait=60",
                  "--ntasks=" + std::to_string(plan.workers),
                  "--cpus-per-task=" + std::to_string(job.cpus_per_task)};
  // Tasks are children of Slurm's daemon and outlive a killed srun. With a signal named, scancel
  // reaches the steps of the job and leaves the batch script, and so this launcher, alone.
  plan.end_command = {"scancel", "--signal=KILL", job.id};
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

int room_for_workers(const Machine& machine, const JobFacts& job) {
  if (by_srun(machine)) return machine.slurm->num_tasks;
  if (!machine.hosts.empty()) return num_slots(machine.hosts);
  return by_gpus(machine, job) ? machine.gpus : machine.cores;
}

LaunchPlan plan_launch(const LaunchOptions& options, const Machine& machine, const JobFacts& job) {
  const int workers = choose_workers(options, machine, job);
  LaunchPlan plan =
      by_srun(machine) ? plan_srun(workers, *machine.slurm) : plan_mpirun(workers, machine);
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
