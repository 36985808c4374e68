
#include <gtest/gtest.h>

#include "comm/group.h"
#include "tests/common/expect_error.h"

namespace {

comm::CommConfig config(const std::string& backend, const std::string& reduction) {
  comm::CommConfig config;
  config.backend = backend;
  config.reduction = reduction;
  return config;
}

TEST(CommConfig, RefusesUnknownNamesAndAcceptsTheOthers) {
  tests::expect_error(common::ErrorKind::config, "got 'gloo'",
                      [] { config("gloo", "fast").validate(); });
  tests::expect_error(common::ErrorKind::config, "got 'slow'",
                      [] { config("mpi", "slow").validate(); });
  for (const char* backend : {"single", "auto", "mpi", "nccl"}) config(backend, "tree").validate();
}

TEST(Group, IsOfOneWorkerWithoutMpirun) {
  const auto group = comm::open_group("auto");
  EXPECT_EQ(group->size(), 1);
  EXPECT_EQ(group->rank(), 0);
  EXPECT_EQ(group->broadcast_from_rank_0(int64_t{42}), 42);
  EXPECT_EQ(group->broadcast_from_rank_0(0.1), 0.1);
}

}  // namespace
