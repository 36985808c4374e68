// comm/: how the workers of a job talk: collectives behind one interface, and gradients in buckets.
// May include common/, device/ and LibTorch; knows neither networks nor files.
// Start here, then gradient_buckets.h. The backends: mpi_group.cpp, single_group.h, nccl_group.cpp;
// staged_group.h carries tensors of a GPU over one that takes the CPU's (device_group.h decides).
// In which order gradients are added: summation_tree.h.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "comm/all_reduce_buffer.h"
#include "common/error.h"
#include "device/torch.h"

namespace comm {

/// The workers of one job. Every method but the plain numbers is collective: all workers call it,
/// in the same order, from the thread that opened the group.
/// Tensors: contiguous, of one shape and dtype (float32, float64, int64) everywhere; on the CPU or,
/// in a group for a GPU (device_group.h), also there.
/// Throws Error(comm) if a worker cannot be reached.
class Group {
 public:
  Group() = default;
  virtual ~Group() = default;
  Group(const Group&) = delete;
  Group& operator=(const Group&) = delete;

  virtual int rank() const = 0;        ///< 0 .. size-1
  virtual int size() const = 0;        ///< workers of the job
  virtual int local_rank() const = 0;  ///< 0 .. local_size-1
  virtual int local_size() const = 0;  ///< workers that share this machine

  /// Replaces the tensor by the sum over workers; all of them get the same bits. For small things:
  /// gradients have a AllReduceBuffer.
  virtual void all_reduce_sum(at::Tensor& tensor) = 0;

  /// Memory for `count` floats that are summed over the workers again and again.
  virtual std::unique_ptr<AllReduceBuffer> make_sum_buffer(int64_t count) = 0;

  /// Replaces the tensor by the root's.
  virtual void broadcast(at::Tensor& tensor, int root) = 0;

  /// Every worker's number, by rank.
  virtual std::vector<int64_t> all_gather(int64_t value) = 0;

  /// Returns when all workers have called it.
  virtual void barrier() = 0;

  /// Ends all workers with this exit code, at once: no destructor runs. Not collective.
  [[noreturn]] virtual void abort(int code) = 0;

  /// The number that rank 0 gave; what the others gave is ignored.
  int64_t agree(int64_t of_rank_0);
  double agree(double of_rank_0);
  std::string agree(const std::string& of_rank_0);

  int64_t max(int64_t value);

  /// Throws Error(kind) on all workers, naming those whose `value` differs from rank 0's. Before
  /// training that is a mistake in how they were started; later they have drifted apart, which is
  /// of kind comm.
  /// `what` names the thing in the message and `remedy` says what to do.
  void require_equal(uint64_t value, const std::string& what, const std::string& remedy,
                     common::ErrorKind kind = common::ErrorKind::config);
};

/// A group for tensors of the CPU. `mpi`, `single`; `auto` and `nccl`: mpi where mpirun or srun
/// started this process, else single.
/// Throws Error(config) for another name, Error(comm) if MPI cannot start.
std::unique_ptr<Group> open_group(const std::string& backend);

}  // namespace comm
