#include "comm/comm_config.h"

#include "common/error.h"

namespace comm {

using common::Error;
using common::ErrorKind;

void CommConfig::validate() const {
  if (backend == "nccl") {
    throw Error(ErrorKind::config,
                "comm.backend: nccl is not supported yet, workers train on the CPU; use auto");
  }
  if (backend != "auto" && backend != "mpi" && backend != "single") {
    throw Error(ErrorKind::config,
                "comm.backend must be auto, mpi or single, got '" + backend + "'");
  }
  if (reduction == "tree") {
    throw Error(ErrorKind::config, "comm.reduction: tree is not supported yet; use fast");
  }
  if (reduction != "fast") {
    throw Error(ErrorKind::config, "comm.reduction must be fast, got '" + reduction + "'");
  }
}

}  // namespace comm
