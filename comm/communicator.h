#pragma once

#include <mpi.h>

#include <exception>
#include <string>
#include <utility>

#include "common/error.h"

namespace comm {

/// Throws Error(comm) with MPI's text unless the call succeeded. `advice` is added to the message.
inline void check_mpi(int code, const char* call,
                      const char* advice = "another worker may have died: see its message") {
  if (code == MPI_SUCCESS) return;
  char text[MPI_MAX_ERROR_STRING];
  int length = 0;
  MPI_Error_string(code, text, &length);
  throw common::comm_error(std::string(call) + " failed: " +
                           std::string(text, static_cast<size_t>(length)) + "; " + advice);
}

/// A communicator of our own, freed in the destructor; not while an exception unwinds, since
/// freeing waits for the other workers.
class Communicator {
 public:
  static Communicator copy_of(MPI_Comm parent) {
    Communicator copy;
    check_mpi(MPI_Comm_dup(parent, &copy.comm_), "MPI_Comm_dup");
    return copy;
  }
  /// The workers of `parent` that share this machine's memory.
  static Communicator of_this_machine(MPI_Comm parent) {
    Communicator local;
    check_mpi(MPI_Comm_split_type(parent, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &local.comm_),
              "MPI_Comm_split_type");
    return local;
  }
  /// The workers of `parent` that give the same color, in their order there.
  static Communicator of_color(MPI_Comm parent, int color) {
    Communicator part;
    check_mpi(MPI_Comm_split(parent, color, 0, &part.comm_), "MPI_Comm_split");
    return part;
  }
  Communicator(Communicator&& other) noexcept : comm_(std::exchange(other.comm_, MPI_COMM_NULL)) {}
  Communicator& operator=(Communicator&&) = delete;
  ~Communicator() {
    if (comm_ != MPI_COMM_NULL && std::uncaught_exceptions() == 0) MPI_Comm_free(&comm_);
  }
  MPI_Comm get() const { return comm_; }
  int rank() const {
    int rank = 0;
    check_mpi(MPI_Comm_rank(comm_, &rank), "MPI_Comm_rank");
    return rank;
  }
  int size() const {
    int size = 0;
    check_mpi(MPI_Comm_size(comm_, &size), "MPI_Comm_size");
    return size;
  }

 private:
  Communicator() = default;
  MPI_Comm comm_ = MPI_COMM_NULL;
};

}  // namespace comm
