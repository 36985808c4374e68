#pragma once

#include <memory>

#include "comm/group.h"

namespace comm {

/// True if mpirun, or srun with more than one task, started this process.
bool started_by_mpi();

/// This worker's rank as mpirun or srun says it, before MPI has started; 0 without them.
int rank_by_launcher();

/// The workers of MPI_COMM_WORLD. Starts MPI and, at the end of the group's life, ends it; so one
/// at a time, and none after it. While an exception unwinds, MPI is left alone: MPI_Finalize would
/// wait for workers that do not know of it, and the caller aborts.
/// Throws Error(usage) where srun started more tasks than MPI finds (srun without --mpi=pmix),
/// Error(comm).
std::unique_ptr<Group> open_mpi_group();

}  // namespace comm
