#include "launcher/launch_plan.h"

#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <string>

#include "common/config.h"
#include "common/error.h"
#include "common/files.h"
#include "launcher/child_process.h"

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
    throw common::usage_error(std::to_string(options.workers) + " workers were asked for and " +
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

constexpr double kAskTimeout_s = 60;  // LibTorch from a cold network disk takes its time

bool is_legal(const JobFacts& job, int workers) {
  if (job.micro_batches % workers != 0) return false;
  const auto own = static_cast<unsigned>(job.micro_batches / workers);
  return !job.tree || workers == 1 || std::has_single_bit(own);
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

JobFacts ask_worker_program(const std::filesystem::path& program,
                            const std::vector<std::string>& arguments) {
  const common::FileDescriptor answer(memfd_create("configuration", MFD_CLOEXEC));
  if (answer.get() < 0)
    throw common::io_error("cannot make a file in memory for", "--print-config");
  std::vector<std::string> command = {program.string()};
  command.insert(command.end(), arguments.begin(), arguments.end());
  command.emplace_back("--print-config");
  const auto code = wait_for_exit(start_child(command, {.output = answer.get()}), kAskTimeout_s);
  if (code != common::kExitDone) {
    const std::string how =
        code ? "ended with exit code " + std::to_string(*code) : "gave no answer within a minute";
    throw Error(code == common::kExitIo ? ErrorKind::io : ErrorKind::config,
                program.string() + " --print-config " + how +
                    ", a configuration was expected; see its message above");
  }
  return read_job_facts("/proc/self/fd/" + std::to_string(answer.get()));
}

JobFacts read_job_facts(const std::filesystem::path& config_yaml) {
  common::ConfigSource source(config_yaml, {});
  std::string folder, name, reduction;
  int64_t micro_batches = 1;
  JobFacts job;
  common::FieldReader run = source.section("run");
  run.read("folder", folder);
  run.read("name", name);
  run.read("device", job.device);
  source.section("schedule").read("micro_batches_per_step", micro_batches);
  source.section("comm").read("reduction", reduction);
  common::FieldReader watchdog = source.section("watchdog");
  for (const char* phase : {"start", "data", "step", "validation", "save"})
    watchdog.read((std::string(phase) + "_s").c_str(), job.deadlines_s[phase]);
  job.deadlines_s["end"] = job.deadlines_s["save"];
  job.run_folder = std::filesystem::path(folder) / name;
  job.micro_batches = static_cast<int>(micro_batches);
  job.tree = reduction == "tree";
  return job;
}

int largest_legal_workers(const JobFacts& job, int at_most) {
  int workers = std::min(at_most, job.micro_batches);
  while (workers > 1 && !is_legal(job, workers)) --workers;
  return std::max(1, workers);
}

}  // namespace launcher
