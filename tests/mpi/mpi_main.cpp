// Runs the tests in every worker of one MPI job; fails unless there are as many workers as told.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

#include "tests/mpi/mpi_job.h"

namespace {
comm::Group* opened_job = nullptr;
}

comm::Group& mpi_job() { return *opened_job; }

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  const auto group = comm::open_group("mpi");
  opened_job = group.get();
  const int expected = argc > 1 ? std::atoi(argv[1]) : 0;
  if (group->size() != expected) {
    std::fprintf(stderr, "expected %d workers, got %d\n", expected, group->size());
    group->abort(1);
  }
  const int failed = RUN_ALL_TESTS();
  // One worker's failure is the job's: the others may wait for it in a collective.
  if (failed != 0) group->abort(failed);
  return 0;
}
