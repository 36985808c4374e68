#include "comm/mpi_group.h"

#include <mpi.h>

#include <algorithm>
#include <climits>
#include <cstdlib>
#include <exception>
#include <utility>

#include "common/error.h"

namespace comm {
namespace {

using common::Error;
using common::ErrorKind;

void check(int code, const char* call) {
  if (code == MPI_SUCCESS) return;
  char text[MPI_MAX_ERROR_STRING];
  int length = 0;
  MPI_Error_string(code, text, &length);
  throw Error(ErrorKind::comm, std::string(call) +
                                   " failed: " + std::string(text, static_cast<size_t>(length)) +
                                   "; another worker may have died: see its message");
}

/// MPI from MPI_Init to MPI_Finalize.
class MpiLibrary {
 public:
  MpiLibrary() {
    int provided = 0;
    // Funneled: the thread that reads data ahead never calls MPI.
    check(MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided), "MPI_Init_thread");
    check(MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
    if (provided < MPI_THREAD_FUNNELED) {
      throw Error(ErrorKind::comm, "this MPI library supports no process with threads");
    }
  }
  ~MpiLibrary() {
    if (std::uncaught_exceptions() == 0) MPI_Finalize();
  }
  MpiLibrary(const MpiLibrary&) = delete;
  MpiLibrary& operator=(const MpiLibrary&) = delete;
};

/// A communicator of our own, freed at the end of its life.
class Communicator {
 public:
  /// The workers of `parent` that share this machine's memory.
  static Communicator of_this_machine(MPI_Comm parent) {
    Communicator local;
    check(MPI_Comm_split_type(parent, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &local.comm_),
          "MPI_Comm_split_type");
    return local;
  }
  static Communicator copy_of(MPI_Comm parent) {
    Communicator copy;
    check(MPI_Comm_dup(parent, &copy.comm_), "MPI_Comm_dup");
    return copy;
  }
  Communicator(Communicator&& other) noexcept : comm_(std::exchange(other.comm_, MPI_COMM_NULL)) {}
  Communicator& operator=(Communicator&&) = delete;
  ~Communicator() {
    if (comm_ != MPI_COMM_NULL && std::uncaught_exceptions() == 0) MPI_Comm_free(&comm_);
  }
  MPI_Comm get() const { return comm_; }
  int rank() const {
    int rank = 0;
    check(MPI_Comm_rank(comm_, &rank), "MPI_Comm_rank");
    return rank;
  }
  int size() const {
    int size = 0;
    check(MPI_Comm_size(comm_, &size), "MPI_Comm_size");
    return size;
  }

 private:
  Communicator() = default;
  MPI_Comm comm_ = MPI_COMM_NULL;
};

MPI_Datatype mpi_type(const at::Tensor& tensor) {
  switch (tensor.scalar_type()) {
    case at::kFloat: return MPI_FLOAT;
    case at::kDouble: return MPI_DOUBLE;
    case at::kLong: return MPI_INT64_T;
    default:
      throw Error(ErrorKind::comm,
                  std::string("collectives take float32, float64 and int64, got ") +
                      c10::toString(tensor.scalar_type()));
  }
}

/// Calls `collective(address, count)` on pieces of at most INT_MAX elements: MPI counts in int.
template <class Collective>
void in_pieces(at::Tensor& tensor, const Collective& collective) {
  if (!tensor.is_contiguous() || !tensor.device().is_cpu()) {
    throw Error(ErrorKind::comm, "collectives take contiguous tensors on the CPU");
  }
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
  MpiGroup() {
    const Communicator local = Communicator::of_this_machine(world_.get());
    local_rank_ = local.rank();
    local_size_ = local.size();
  }
  int rank() const override { return rank_; }
  int size() const override { return size_; }
  int local_rank() const override { return local_rank_; }
  int local_size() const override { return local_size_; }

  void all_reduce_sum(at::Tensor& tensor) override {
    const MPI_Datatype type = mpi_type(tensor);
    in_pieces(tensor, [&](void* address, int count) {
      check(MPI_Allreduce(MPI_IN_PLACE, address, count, type, MPI_SUM, world_.get()),
            "MPI_Allreduce");
    });
  }

  void broadcast(at::Tensor& tensor, int root) override {
    const MPI_Datatype type = mpi_type(tensor);
    in_pieces(tensor, [&](void* address, int count) {
      check(MPI_Bcast(address, count, type, root, world_.get()), "MPI_Bcast");
    });
  }

  std::vector<int64_t> all_gather(int64_t value) override {
    std::vector<int64_t> values(static_cast<size_t>(size_));
    check(MPI_Allgather(&value, 1, MPI_INT64_T, values.data(), 1, MPI_INT64_T, world_.get()),
          "MPI_Allgather");
    return values;
  }

  void barrier() override { check(MPI_Barrier(world_.get()), "MPI_Barrier"); }

  [[noreturn]] void abort(int code) override {
    MPI_Abort(MPI_COMM_WORLD, code);
    std::_Exit(code);  // MPI_Abort returns if the runtime is gone already
  }

 private:
  MpiLibrary library_;  // first: ended last
  Communicator world_ = Communicator::copy_of(MPI_COMM_WORLD);
  int rank_ = world_.rank(), size_ = world_.size();
  int local_rank_ = 0, local_size_ = 1;
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

std::unique_ptr<Group> open_mpi_group() {
  auto group = std::make_unique<MpiGroup>();
  const bool by_mpirun = std::getenv("OMPI_COMM_WORLD_SIZE") != nullptr;
  if (!by_mpirun && group->size() != num_srun_tasks()) {
    throw Error(ErrorKind::comm, "srun started " + std::to_string(num_srun_tasks()) +
                                     " tasks, but MPI finds a job of " +
                                     std::to_string(group->size()) + "; use srun --mpi=pmix");
  }
  return group;
}

}  // namespace comm
