#pragma once

#include <string>

namespace comm {

/// How workers talk: section `comm` of a training configuration.
struct CommConfig {
  std::string backend = "auto";
  std::string reduction = "fast";

  template <class F>
  void fields(F&& field) {
    field("backend", backend, "auto (mpi under mpirun or srun, else single), mpi, single");
    field("reduction", reduction, "how gradients are summed: fast (the backend's all-reduce)");
  }

  /// Throws Error(config); what is designed but not there yet is named as such.
  void validate() const;
};

}  // namespace comm
