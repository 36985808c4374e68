#pragma once

#include <memory>

#include "comm/group.h"

namespace comm {

/// True if mpirun, or srun with more than one task, started this process.
bool started_by_mpi();

/// This worker's rank as mpirun or srun says it, before MPI has started; 0 without them.
int rank_by_launcher();

/// The workers of MPI_COMM_WORLD. Starts MPI, and ends it in the destructor; so a process opens one
/// such group. While an exception unwinds, MPI is not ended: MPI_Finalize would wait for the other
/// workers, and the caller aborts.
/// Throws Error(usage) where srun started more tasks than MPI finds (srun without --mpi=pmix),
/// Error(comm).
std::unique_ptr<Group> open_mpi_group();

}  // namespace comm
