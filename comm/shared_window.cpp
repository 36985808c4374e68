#include "comm/shared_window.h"

#include <cstdint>
#include <exception>

#include "comm/communicator.h"

namespace comm {
namespace {

constexpr const char* kNoMemory =
    "the folder of shared memory may be full: enlarge /dev/shm (docker run --shm-size), or name "
    "another with mpirun --mca osc_sm_backing_directory DIR";

/// Asks for parts of their own, each in the memory of their worker's processor.
class PartsApart {
 public:
  PartsApart() {
    check_mpi(MPI_Info_create(&info_), "MPI_Info_create");
    check_mpi(MPI_Info_set(info_, "alloc_shared_noncontig", "true"), "MPI_Info_set");
  }
  ~PartsApart() { MPI_Info_free(&info_); }
  PartsApart(const PartsApart&) = delete;
  PartsApart& operator=(const PartsApart&) = delete;
  MPI_Info get() const { return info_; }

 private:
  MPI_Info info_ = MPI_INFO_NULL;
};

/// OpenMPI's parts begin anywhere. Segments are mapped at pages, so every worker rounds to the same
/// place.
constexpr uintptr_t kPage_bytes = 4096;

float* at_next_page(void* address) {
  const auto value = reinterpret_cast<uintptr_t>(address);
  return reinterpret_cast<float*>((value + kPage_bytes - 1) & ~(kPage_bytes - 1));
}

float* part_of(MPI_Win window, int rank) {
  MPI_Aint bytes = 0;
  int unit = 0;
  void* address = nullptr;
  check_mpi(MPI_Win_shared_query(window, rank, &bytes, &unit, &address), "MPI_Win_shared_query");
  return at_next_page(address);
}

}  // namespace

SharedWindow::SharedWindow(MPI_Comm workers, int64_t count) : workers_(workers) {
  const PartsApart apart;
  void* own = nullptr;
  check_mpi(MPI_Win_allocate_shared(static_cast<MPI_Aint>(count) * MPI_Aint{sizeof(float)} +
                                        static_cast<MPI_Aint>(kPage_bytes),
                                    sizeof(float), apart.get(), workers, &own, &window_),
            "MPI_Win_allocate_shared", kNoMemory);
  int size = 0;
  check_mpi(MPI_Comm_size(workers, &size), "MPI_Comm_size");
  for (int rank = 0; rank < size; ++rank) parts_.push_back(part_of(window_, rank));
  check_mpi(MPI_Win_lock_all(MPI_MODE_NOCHECK, window_), "MPI_Win_lock_all");
}

SharedWindow::~SharedWindow() {
  if (std::uncaught_exceptions() > 0) return;  // freeing waits for workers that do not know of it
  MPI_Win_unlock_all(window_);
  MPI_Win_free(&window_);
}

void SharedWindow::synchronise() {
  check_mpi(MPI_Win_sync(window_), "MPI_Win_sync");
  check_mpi(MPI_Barrier(workers_), "MPI_Barrier");
  check_mpi(MPI_Win_sync(window_), "MPI_Win_sync");
}

}  // namespace comm
