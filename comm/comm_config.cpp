#include "comm/comm_config.h"

#include "common/error.h"

namespace comm {

using common::Error;
using common::ErrorKind;

Reduction CommConfig::order_of_sums() const {
  if (reduction == "fast") return Reduction::fast;
  if (reduction == "tree") return Reduction::tree;
  throw Error(ErrorKind::config, "comm.reduction must be fast or tree, got '" + reduction + "'");
}

void CommConfig::validate() const {
  if (backend != "auto" && backend != "mpi" && backend != "single" && backend != "nccl") {
    throw Error(ErrorKind::config,
                "comm.backend must be auto, nccl, mpi or single, got '" + backend + "'");
  }
  order_of_sums();
}

}  // namespace comm
