#include "comm/device_group.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "comm/single_group.h"
#include "common/error.h"

namespace {

using ::testing::HasSubstr;

std::string refusal(const auto& call) {
  try {
    call();
  } catch (const common::Error& error) {
    EXPECT_EQ(error.kind(), common::ErrorKind::config);
    return error.what();
  }
  return "was not refused";
}

TEST(GroupForDevice, IsTheGroupItselfOnTheCpu) {
  auto group = std::make_unique<comm::SingleGroup>();
  const comm::Group* const before = group.get();
  EXPECT_EQ(comm::for_device(std::move(group), {}, {}).get(), before);
}

TEST(GroupForDevice, RefusesNcclOnTheCpu) {
  comm::CommConfig config;
  config.backend = "nccl";
  EXPECT_THAT(refusal([&] { comm::for_device(std::make_unique<comm::SingleGroup>(), config, {}); }),
              HasSubstr("comm.backend is nccl"));
}

}  // namespace
