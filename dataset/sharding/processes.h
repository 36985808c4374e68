#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace dataset {

/// The processes that make one store together: those that mpirun or srun has started, or this one
/// alone. Every process makes the collective calls, in the same order, from one thread. A process
/// that fails ends all others: their calls do not return.
class Processes {
 public:
  /// Starts MPI if a launcher started this process; alone, MPI is not touched.
  /// Throws Error(usage) under srun without PMIx: its processes would not know of each other.
  Processes();
  ~Processes();
  Processes(const Processes&) = delete;
  Processes& operator=(const Processes&) = delete;

  int rank() const { return rank_; }
  int size() const { return size_; }
  bool is_first() const { return rank_ == 0; }

  /// "process 2" for messages; empty if alone.
  std::string name() const;

  /// The number of cores for this process: those that it may use, divided by the processes that
  /// share them. Collective.
  int own_cores() const;

  /// Returns when all have called it. Collective.
  void wait_for_all() const;

  /// The text of process 0. Collective.
  std::string broadcast(std::string text) const;

  /// On process 0 the texts of all, by rank; elsewhere nothing. Collective.
  std::vector<std::string> gather(const std::string& text) const;

  /// Collective.
  int64_t sum(int64_t value) const;

  /// The exit code for `main` to return. If it is not 0, all processes end with it at once.
  int end(int exit_code) const;

 private:
  bool started_ = false;
  int rank_ = 0;
  int size_ = 1;
};

}  // namespace dataset
