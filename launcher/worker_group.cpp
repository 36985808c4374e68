#include "launcher/worker_group.h"

#include <signal.h>
#include <spdlog/spdlog.h>

#include <cstdlib>

#include "common/error.h"
#include "launcher/child_process.h"

namespace launcher {
namespace {

constexpr double kEndCommandTimeout_s = 10;

}  // namespace

WorkerGroup::WorkerGroup(const LaunchPlan& plan, int attempt, int output)
    : end_command_(plan.end_command) {
  setenv("OMP_NUM_THREADS", std::to_string(plan.threads_per_worker).c_str(), 1);
  setenv("RESTORE_ATTEMPT", std::to_string(attempt).c_str(), 1);
  // mpirun's daemons on other hosts: notice within a minute, not eight, that the network between
  // them is gone. What the environment already says stands.
  setenv("OMPI_MCA_oob_tcp_keepalive_time", "30", 0);
  setenv("OMPI_MCA_oob_tcp_keepalive_intvl", "6", 0);
  setenv("OMPI_MCA_oob_tcp_keepalive_probes", "5", 0);
  adopt_orphans();
  command_ = start_child(plan.command, {.output = output, .errors = output});
}

WorkerGroup::~WorkerGroup() {
  if (!exit_code_) kill_all();
}

std::optional<int> WorkerGroup::exit_code() {
  if (exit_code_) return exit_code_;
  exit_code_ = exit_code_if_ended(command_);
  if (exit_code_) kill_all_children();
  return exit_code_;
}

void WorkerGroup::ask_to_save() const { kill(command_, SIGUSR1); }

void WorkerGroup::terminate() const { kill(command_, SIGTERM); }

void WorkerGroup::kill_all() {
  if (!end_command_.empty()) {
    try {
      wait_for_exit(start_child(end_command_), kEndCommandTimeout_s);
    } catch (const common::Error& error) {  // this runs in a destructor, too
      spdlog::warn("workers on other machines may go on: {}", error.what());
    }
  }
  if (!exit_code_) kill(-command_, SIGKILL);
  kill_all_children();
  exit_code_ = exit_code_.value_or(128 + SIGKILL);
}

}  // namespace launcher
