#pragma once

#include <mpi.h>

#include <cstdint>
#include <span>
#include <vector>

namespace comm {

/// Memory of the workers of one machine, a part each, that all of them read and write.
/// Collective over `workers`, which must share memory and outlive it.
class SharedWindow {
 public:
  /// `count` floats for each worker. Throws Error(comm) if the machine has no memory to share.
  SharedWindow(MPI_Comm workers, int64_t count);
  ~SharedWindow();
  SharedWindow(const SharedWindow&) = delete;
  SharedWindow& operator=(const SharedWindow&) = delete;

  /// Where each worker's part begins, by rank; at a page.
  std::span<float* const> parts() const { return parts_; }

  /// Returns when all workers have called it; then each sees what the others wrote before.
  void synchronise();

 private:
  MPI_Comm workers_;
  MPI_Win window_ = MPI_WIN_NULL;
  std::vector<float*> parts_;
};

}  // namespace comm
