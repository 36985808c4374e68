#pragma once

#include <string>

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
  Reduction order_of_sums() const;

  /// Throws Error(config).
  void validate() const;
};

}  // namespace comm
