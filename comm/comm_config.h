#pragma once

#include <string>

#include "common/error.h"

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
    throw common::Error(common::ErrorKind::config,
                        "comm.reduction must be fast or tree, got '" + reduction + "'");
  }

  /// Throws Error(config).
  void validate() const {
    if (backend != "auto" && backend != "mpi" && backend != "single" && backend != "nccl") {
      throw common::Error(common::ErrorKind::config,
                          "comm.backend must be auto, nccl, mpi or single, got '" + backend + "'");
    }
    order_of_sums();
  }
};

}  // namespace comm
