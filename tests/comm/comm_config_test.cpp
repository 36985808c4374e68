#include "comm/comm_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "comm/group.h"
#include "common/error.h"

namespace {

using testing::HasSubstr;

std::string refusal(const std::string& backend, const std::string& reduction) {
  comm::CommConfig config;
  config.backend = backend;
  config.reduction = reduction;
  try {
    config.validate();
  } catch (const common::Error& error) {
    EXPECT_EQ(error.kind(), common::ErrorKind::config);
    return error.what();
  }
  return "accepted";
}

TEST(CommConfig, RefusesUnknownNamesAndAcceptsTheOthers) {
  EXPECT_THAT(refusal("gloo", "fast"), HasSubstr("got 'gloo'"));
  EXPECT_THAT(refusal("mpi", "slow"), HasSubstr("got 'slow'"));
  EXPECT_EQ(refusal("single", "fast"), "accepted");
  EXPECT_EQ(refusal("auto", "tree"), "accepted");
  EXPECT_EQ(refusal("nccl", "fast"), "accepted");
}

TEST(Group, IsOfOneWorkerWithoutMpirun) {
  const auto group = comm::open_group("auto");
  EXPECT_EQ(group->size(), 1);
  EXPECT_EQ(group->rank(), 0);
  EXPECT_EQ(group->agree(int64_t{42}), 42);
  EXPECT_EQ(group->agree(0.1), 0.1);
}

}  // namespace
