#include "device/choose_device.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/error.h"
#include "common/gpu_driver.h"

namespace {

using ::testing::HasSubstr;

TEST(Device, ThatIsNotThereIsRefusedAndAutoGoesOnWithoutIt) {
  if (common::num_gpus_by_driver() > 0) {
    EXPECT_TRUE(device::choose_device("cuda", 0).device.is_cuda());
    return;
  }
  EXPECT_TRUE(device::choose_device("auto", 0).device.is_cpu());
  try {
    device::choose_device("cuda", 0);
    ADD_FAILURE();
  } catch (const common::Error& error) {
    EXPECT_EQ(error.kind(), common::ErrorKind::config);
    EXPECT_THAT(error.what(), HasSubstr("the NVIDIA driver finds no GPU"));
  }
}

TEST(Device, CpuNeedsNoModule) {
  const device::ChosenDevice chosen = device::choose_device("cpu", 3);
  EXPECT_TRUE(chosen.device.is_cpu());
  EXPECT_FALSE(chosen.module.has_value());
}

TEST(Device, OfAnotherNameIsRefused) {
  EXPECT_THROW(device::choose_device("gpu", 0), common::Error);
}

}  // namespace
