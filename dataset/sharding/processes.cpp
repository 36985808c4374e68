#include "dataset/sharding/processes.h"

#include <mpi.h>
#include <sched.h>

#include <algorithm>
#include <cstdlib>

#include "common/error.h"
#include "common/hardware.h"

// The calls' results are not checked: by default MPI ends all processes at the first error.

namespace dataset {
namespace {

constexpr int kTextTag = 1;

int number_in(const char* variable) {
  const char* text = std::getenv(variable);
  return text == nullptr ? 0 : std::atoi(text);
}

/// mpirun sets the number of processes, srun --mpi=pmix the rank. An allocation of Slurm sets
/// neither: a batch script may start restore-shard without a launcher.
bool was_launched() {
  if (number_in("OMPI_COMM_WORLD_SIZE") > 0 || std::getenv("PMIX_RANK") != nullptr) return true;
  if (number_in("SLURM_STEP_NUM_TASKS") > 1) {
    throw common::usage_error(
        "srun started several tasks that do not know of each other; start them "
        "with srun --mpi=pmix, or one task only");
  }
  return false;
}

/// True if the processes of this machine may run on the very same cores; bound ones may not.
bool share_cores(MPI_Comm machine) {
  cpu_set_t own, all;
  CPU_ZERO(&own);
  sched_getaffinity(0, sizeof own, &own);
  MPI_Allreduce(&own, &all, sizeof own, MPI_BYTE, MPI_BOR, machine);
  int same = CPU_EQUAL(&own, &all) ? 1 : 0;
  MPI_Allreduce(MPI_IN_PLACE, &same, 1, MPI_INT, MPI_MIN, machine);
  return same == 1;
}

}  // namespace

Processes::Processes() {
  if (!was_launched()) return;
  int provided = 0;
  MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided);
  started_ = true;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
  MPI_Comm_size(MPI_COMM_WORLD, &size_);
}

Processes::~Processes() {
  if (started_) MPI_Finalize();
}

std::string Processes::name() const {
  return size_ == 1 ? std::string() : "process " + std::to_string(rank_);
}

int Processes::own_cores() const {
  const int usable = common::usable_cores();
  if (size_ == 1) return usable;
  MPI_Comm machine = MPI_COMM_NULL;
  MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &machine);
  int here = 1;
  MPI_Comm_size(machine, &here);
  const bool shared = share_cores(machine);
  MPI_Comm_free(&machine);
  return shared ? std::max(1, usable / here) : usable;
}

void Processes::wait_for_all() const {
  if (size_ > 1) MPI_Barrier(MPI_COMM_WORLD);
}

std::string Processes::broadcast(std::string text) const {
  if (size_ == 1) return text;
  auto length = static_cast<int64_t>(text.size());
  MPI_Bcast(&length, 1, MPI_INT64_T, 0, MPI_COMM_WORLD);
  text.resize(static_cast<size_t>(length));
  MPI_Bcast(text.data(), static_cast<int>(length), MPI_CHAR, 0, MPI_COMM_WORLD);
  return text;
}

std::vector<std::string> Processes::gather(const std::string& text) const {
  if (!is_first()) {
    MPI_Send(text.data(), static_cast<int>(text.size()), MPI_CHAR, 0, kTextTag, MPI_COMM_WORLD);
    return {};
  }
  std::vector<std::string> texts{text};
  for (int from = 1; from < size_; ++from) {
    MPI_Status status;
    MPI_Probe(from, kTextTag, MPI_COMM_WORLD, &status);
    int length = 0;
    MPI_Get_count(&status, MPI_CHAR, &length);
    texts.emplace_back(static_cast<size_t>(length), '\0');
    MPI_Recv(texts.back().data(), length, MPI_CHAR, from, kTextTag, MPI_COMM_WORLD,
             MPI_STATUS_IGNORE);
  }
  return texts;
}

int64_t Processes::sum(int64_t value) const {
  if (size_ > 1) MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_INT64_T, MPI_SUM, MPI_COMM_WORLD);
  return value;
}

int Processes::end(int exit_code) const {
  if (exit_code != 0 && size_ > 1) MPI_Abort(MPI_COMM_WORLD, exit_code);
  return exit_code;
}

}  // namespace dataset
