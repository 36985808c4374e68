#include "comm/mpi_group.h"

#include <mpi.h>

#include <algorithm>
#include <climits>
#include <cstdlib>
#include <exception>

#include "comm/mpi_all_reduce_buffer.h"
#include "common/error.h"

namespace comm {
namespace {

/// MPI from MPI_Init to MPI_Finalize.
class MpiLibrary {
 public:
  MpiLibrary() {
    // Messages over TCP as a stream. By default OpenMPI 4.1 has the receiver ask for each piece,
    // and asks in turn with what it sends: half the rate of cables of 1 Gbit/s and less, where both
    // directions are busy at once (docs/scaling.md). What the environment already says stands.
    setenv("OMPI_MCA_btl_tcp_flags", "send", /*overwrite=*/0);
    int provided = 0;
    // Funneled: the thread that reads data ahead never calls MPI.
    check_mpi(MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided), "MPI_Init_thread");
    check_mpi(MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN),
              "MPI_Comm_set_errhandler");
    if (provided < MPI_THREAD_FUNNELED) {
      throw common::config_error("this MPI library supports no process with threads");
    }
  }
  ~MpiLibrary() {
    if (std::uncaught_exceptions() == 0) MPI_Finalize();
  }
  MpiLibrary(const MpiLibrary&) = delete;
  MpiLibrary& operator=(const MpiLibrary&) = delete;
};

MPI_Datatype mpi_type(const at::Tensor& tensor) {
  switch (tensor.scalar_type()) {
    case at::kFloat: return MPI_FLOAT;
    case at::kDouble: return MPI_DOUBLE;
    case at::kLong: return MPI_INT64_T;
    default:
      throw common::internal_error(
          std::string("collectives take float32, float64 and int64, got ") +
          c10::toString(tensor.scalar_type()));
  }
}

/// Calls `collective(address, count)` on pieces of at most INT_MAX elements: MPI counts in int.
template <class Collective>
void in_pieces(at::Tensor& tensor, const Collective& collective) {
  common::check(tensor.is_contiguous() && tensor.device().is_cpu(),
                "collectives take contiguous tensors on the CPU");
  auto* address = static_cast<char*>(tensor.mutable_data_ptr());
  for (int64_t left = tensor.numel(); left > 0;) {
    const int64_t count = std::min<int64_t>(left, INT_MAX);
    collective(address, static_cast<int>(count));
    address += count * tensor.element_size();
    left -= count;
  }
}

class MpiGroup : public Group {
 public:
  int rank() const override { return rank_; }
  int size() const override { return size_; }
  int local_rank() const override { return local_.rank(); }
  int local_size() const override { return local_.size(); }

  void all_reduce_sum(at::Tensor& tensor) override {
    const MPI_Datatype type = mpi_type(tensor);
    in_pieces(tensor, [&](void* address, int count) {
      check_mpi(MPI_Allreduce(MPI_IN_PLACE, address, count, type, MPI_SUM, world_.get()),
                "MPI_Allreduce");
    });
  }

  std::unique_ptr<AllReduceBuffer> make_all_reduce_buffer(int64_t count) override {
    return std::make_unique<MpiAllReduceBuffer>(node_groups_, count);
  }

  void broadcast(at::Tensor& tensor, int root) override {
    const MPI_Datatype type = mpi_type(tensor);
    in_pieces(tensor, [&](void* address, int count) {
      check_mpi(MPI_Bcast(address, count, type, root, world_.get()), "MPI_Bcast");
    });
  }

  std::vector<int64_t> all_gather(int64_t value) override {
    std::vector<int64_t> values(static_cast<size_t>(size_));
    check_mpi(MPI_Allgather(&value, 1, MPI_INT64_T, values.data(), 1, MPI_INT64_T, world_.get()),
              "MPI_Allgather");
    return values;
  }

  void barrier() override { check_mpi(MPI_Barrier(world_.get()), "MPI_Barrier"); }

  [[noreturn]] void abort(int code) override {
    MPI_Abort(MPI_COMM_WORLD, code);
    std::_Exit(code);  // MPI_Abort returns if the runtime is gone already
  }

 private:
  /// Of each worker, the first on its machine.
  std::vector<int64_t> machines() {
    int64_t first = rank_;
    check_mpi(MPI_Bcast(&first, 1, MPI_INT64_T, 0, local_.get()), "MPI_Bcast");
    return all_gather(first);
  }

  MpiLibrary library_;  // first: ended last
  Communicator world_ = Communicator::copy_of(MPI_COMM_WORLD);
  Communicator local_ = Communicator::of_this_machine(world_.get());
  int rank_ = world_.rank(), size_ = world_.size();
  NodeGroups node_groups_{world_.get(), NodeGroups::largest_size(machines())};
};

/// How many tasks srun started with this one; 1 without srun.
int num_srun_tasks() {
  const char* tasks = std::getenv("SLURM_STEP_NUM_TASKS");
  return tasks == nullptr ? 1 : std::atoi(tasks);
}

}  // namespace

bool started_by_mpi() {
  return std::getenv("OMPI_COMM_WORLD_SIZE") != nullptr || std::getenv("PMIX_RANK") != nullptr ||
         num_srun_tasks() > 1;
}

int rank_by_launcher() {
  for (const char* name : {"OMPI_COMM_WORLD_RANK", "PMIX_RANK", "SLURM_PROCID"}) {
    if (const char* rank = std::getenv(name)) return std::atoi(rank);
  }
  return 0;
}

std::unique_ptr<Group> open_mpi_group() {
  auto group = std::make_unique<MpiGroup>();
  const bool by_mpirun = std::getenv("OMPI_COMM_WORLD_SIZE") != nullptr;
  if (!by_mpirun && group->size() != num_srun_tasks()) {
    throw common::usage_error("srun started " + std::to_string(num_srun_tasks()) +
                              " tasks, but MPI finds a job of " + std::to_string(group->size()) +
                              "; use srun --mpi=pmix");
  }
  return group;
}

}  // namespace comm
