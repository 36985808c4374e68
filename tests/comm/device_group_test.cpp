#include "comm/device_group.h"

#include <gtest/gtest.h>

#include "comm/single_group.h"
#include "tests/common/expect_error.h"

namespace {

TEST(GroupForDevice, IsTheGroupItselfOnTheCpu) {
  auto group = std::make_unique<comm::SingleGroup>();
  const comm::Group* const before = group.get();
  EXPECT_EQ(comm::for_device(std::move(group), {}, {}).get(), before);
}

TEST(GroupForDevice, RefusesNcclOnTheCpu) {
  comm::CommConfig config;
  config.backend = "nccl";
  tests::expect_error(common::ErrorKind::config, "comm.backend is nccl",
                      [&] { comm::for_device(std::make_unique<comm::SingleGroup>(), config, {}); });
}

}  // namespace
