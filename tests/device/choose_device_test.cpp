#include "device/choose_device.h"

#include <gtest/gtest.h>

#include "common/hardware.h"
#include "tests/common/expect_error.h"

namespace {

using common::ErrorKind;

TEST(Device, ThatIsNotThereIsRefusedAndAutoGoesOnWithoutIt) {
  if (common::num_gpus_by_driver() > 0) {
    EXPECT_TRUE(device::choose_device("cuda", 0).device.is_cuda());
    return;
  }
  EXPECT_TRUE(device::choose_device("auto", 0).device.is_cpu());
  tests::expect_error(ErrorKind::config, "the NVIDIA driver finds no GPU",
                      [] { device::choose_device("cuda", 0); });
}

TEST(Device, CpuNeedsNoModule) {
  const device::ChosenDevice chosen = device::choose_device("cpu", 3);
  EXPECT_TRUE(chosen.device.is_cpu());
  EXPECT_FALSE(chosen.module.has_value());
}

TEST(Device, OfAnotherNameIsRefused) {
  tests::expect_error(ErrorKind::config, "must be auto, cpu or cuda, got 'gpu'",
                      [] { device::choose_device("gpu", 0); });
}

}  // namespace
