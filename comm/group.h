// comm/: how the workers of a job talk: collectives behind one interface, and gradients in buckets.
// May include common/, device/ and LibTorch; knows neither networks nor files.
// Start here, then gradient_buckets.h. The backends: SingleGroup below, mpi_group.cpp,
// nccl_group.cpp; device_group.h chooses one for a GPU. In which order gradients are added:
// summation_tree.h.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/error.h"
#include "device/torch.h"

namespace comm {

/// How gradients are summed (docs/numerics.md).
enum class Reduction {
  fast,  ///< each worker's micro-batches one after the other, then over the workers
  tree   ///< in one tree over all micro-batches: the same bits at any number of workers
};

/// How workers talk: section `comm` of a training configuration.
struct CommConfig {
  std::string backend = "auto";
  std::string reduction = "fast";

  template <class F>
  void fields(F&& field) {
    field("backend", backend,
          "auto (nccl for GPUs, else mpi under mpirun or srun, else single), nccl, mpi, single");
    field("reduction", reduction,
          "order of gradient sums: fast, or tree (the same bits at any number of workers)");
  }

  /// The key `reduction`. Throws Error(config) for an unknown name.
  Reduction order_of_sums() const {
    if (reduction == "fast") return Reduction::fast;
    if (reduction == "tree") return Reduction::tree;
    throw common::config_error("comm.reduction must be fast or tree, got '" + reduction + "'");
  }

  /// Throws Error(config).
  void validate() const {
    if (backend != "auto" && backend != "mpi" && backend != "single" && backend != "nccl") {
      throw common::config_error("comm.backend must be auto, nccl, mpi or single, got '" + backend +
                                 "'");
    }
    order_of_sums();
  }
};

/// Memory for floats that are summed over the workers of a group again and again, where the group
/// sums them fastest. Made by Group::make_all_reduce_buffer and destroyed before its group.
/// Collective: all workers make, sum and destroy their buffers in the same order.
class AllReduceBuffer {
 public:
  AllReduceBuffer() = default;
  virtual ~AllReduceBuffer() = default;
  AllReduceBuffer(const AllReduceBuffer&) = delete;
  AllReduceBuffer& operator=(const AllReduceBuffer&) = delete;

  /// This worker's values, zeros at first. Valid as long as the buffer.
  /// Shape: [count] float32 on the device of the group's buffers.
  virtual at::Tensor& values() = 0;

  /// The values are complete. A backend that works beside the computation starts to sum. Do not
  /// read or write the values from here until end_sum returns. Any thread may call it.
  virtual void begin_sum() {}

  /// After begin_sum: replaces the values by their sum over the workers, the same bits on every
  /// worker. They are added in the order of the summation tree over ranks, however the workers are
  /// spread over machines; a group for Reduction::fast may choose its own order.
  /// Throws Error(comm).
  virtual void end_sum() = 0;

  void sum() {
    begin_sum();
    end_sum();
  }
};

/// The workers of one job. Every method but the plain numbers is collective: all workers call it,
/// in the same order, from the thread that opened the group.
/// Tensors: contiguous, of one shape and dtype (float32, float64, int64) everywhere; on the CPU or,
/// in a group for a GPU (device_group.h), also there.
/// Throws Error(comm) if a worker cannot be reached, Error(internal) for other tensors.
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

  /// Replaces the tensor by the sum over workers; all of them get the same bits. For small tensors:
  /// gradients have an AllReduceBuffer.
  virtual void all_reduce_sum(at::Tensor& tensor) = 0;

  virtual std::unique_ptr<AllReduceBuffer> make_all_reduce_buffer(int64_t count) = 0;

  /// Replaces the tensor by the root's.
  virtual void broadcast(at::Tensor& tensor, int root) = 0;

  /// Every worker's number, by rank.
  virtual std::vector<int64_t> all_gather(int64_t value) = 0;

  /// Returns when all workers have called it.
  virtual void barrier() = 0;

  /// Ends all workers with this exit code, at once: no destructor runs. Not collective.
  [[noreturn]] virtual void abort(int code) = 0;

  /// Rank 0's value; that of the others is ignored.
  int64_t broadcast_from_rank_0(int64_t value);
  double broadcast_from_rank_0(double value);
  std::string broadcast_from_rank_0(const std::string& value);

  /// The largest of all workers' values.
  int64_t max(int64_t value);

  /// Throws Error(kind) on all workers, naming those whose `value` differs from rank 0's. Before
  /// training that is a mistake in how they were started; later they have drifted apart, which is
  /// of kind comm.
  /// `what` names the thing in the message and `remedy` says what to do.
  void require_equal(uint64_t value, const std::string& what, const std::string& remedy,
                     common::ErrorKind kind = common::ErrorKind::config);
};

/// A group that passes every call on to the group beneath it; a derived one changes some.
class ForwardingGroup : public Group {
 public:
  /// `beneath` must outlive this group.
  explicit ForwardingGroup(Group& beneath) : beneath_(beneath) {}
  explicit ForwardingGroup(std::unique_ptr<Group> beneath)
      : owned_(std::move(beneath)), beneath_(*owned_) {}

  int rank() const override { return beneath_.rank(); }
  int size() const override { return beneath_.size(); }
  int local_rank() const override { return beneath_.local_rank(); }
  int local_size() const override { return beneath_.local_size(); }
  void all_reduce_sum(at::Tensor& tensor) override { beneath_.all_reduce_sum(tensor); }
  std::unique_ptr<AllReduceBuffer> make_all_reduce_buffer(int64_t count) override {
    return beneath_.make_all_reduce_buffer(count);
  }
  void broadcast(at::Tensor& tensor, int root) override { beneath_.broadcast(tensor, root); }
  std::vector<int64_t> all_gather(int64_t value) override { return beneath_.all_gather(value); }
  void barrier() override { beneath_.barrier(); }
  [[noreturn]] void abort(int code) override {
    beneath_.abort(code);
    std::_Exit(code);  // not reached, which g++ does not see
  }

 protected:
  Group& beneath() { return beneath_; }

 private:
  const std::unique_ptr<Group> owned_;
  Group& beneath_;
};

/// A group for tensors of the CPU. `mpi`, `single`; `auto` and `nccl`: mpi where mpirun or srun
/// started this process, else single.
/// Throws Error(config) for another name, Error(usage) and Error(comm) as open_mpi_group.
std::unique_ptr<Group> open_group(const std::string& backend);

class SingleAllReduceBuffer : public AllReduceBuffer {
 public:
  SingleAllReduceBuffer(int64_t count, at::Device device)
      : values_(at::zeros({count}, at::TensorOptions(device).dtype(at::kFloat))) {}
  at::Tensor& values() override { return values_; }
  void end_sum() override {}

 private:
  at::Tensor values_;
};

/// A job of one worker, whose buffers are on `device`.
class SingleGroup : public Group {
 public:
  explicit SingleGroup(at::Device device = at::kCPU) : device_(device) {}
  int rank() const override { return 0; }
  int size() const override { return 1; }
  int local_rank() const override { return 0; }
  int local_size() const override { return 1; }
  void all_reduce_sum(at::Tensor&) override {}
  std::unique_ptr<AllReduceBuffer> make_all_reduce_buffer(int64_t count) override {
    return std::make_unique<SingleAllReduceBuffer>(count, device_);
  }
  void broadcast(at::Tensor&, int) override {}
  std::vector<int64_t> all_gather(int64_t value) override { return {value}; }
  void barrier() override {}
  [[noreturn]] void abort(int code) override { std::_Exit(code); }

 private:
  const at::Device device_;
};

}  // namespace comm
