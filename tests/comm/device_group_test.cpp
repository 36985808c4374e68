#include "comm/device_group.h"

#include <gtest/gtest.h>

#include "comm/group.h"
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

/// Remembers which memory was locked, and for how long.
class FakeGpu : public device::Gpu {
 public:
  class Pages : public device::PinnedPages {
   public:
    explicit Pages(size_t& locked) : locked_(locked) {}
    ~Pages() override { locked_ = 0; }

   private:
    size_t& locked_;
  };
  std::unique_ptr<device::PinnedPages> pin(void*, size_t num_bytes) override {
    locked_bytes = num_bytes;
    return std::make_unique<Pages>(locked_bytes);
  }
  std::unique_ptr<device::RecordedWork> record(const std::function<void()>&) override {
    return nullptr;
  }
  size_t peak_memory_bytes() const override { return 0; }
  bool multiplies_bf16() const override { return false; }
  size_t locked_bytes = 0;
};

/// Stands for two workers that hold the same: sums double.
class TwinGroup : public comm::SingleGroup {
 public:
  class Buffer : public comm::SingleAllReduceBuffer {
   public:
    explicit Buffer(int64_t count) : SingleAllReduceBuffer(count, at::kCPU) {}
    void end_sum() override { values().mul_(2); }
  };
  std::unique_ptr<comm::AllReduceBuffer> make_all_reduce_buffer(int64_t count) override {
    return std::make_unique<Buffer>(count);
  }
};

TEST(StagedGroup, SumsWhatIsOnTheDeviceThroughMemoryThatIsLockedMeanwhile) {
  FakeGpu gpu;
  comm::StagedGroup group(std::make_unique<TwinGroup>(), at::kCPU, &gpu);
  auto buffer = group.make_all_reduce_buffer(5);
  EXPECT_EQ(gpu.locked_bytes, 5 * sizeof(float));
  EXPECT_TRUE(at::equal(buffer->values(), at::arange(5).to(at::kFloat) * 0));
  for (const float expected : {2.0F, 6.0F}) {  // what lies beneath keeps nothing of the first sum
    buffer->values().fill_(expected / 2);
    buffer->sum();
    EXPECT_EQ(buffer->values().sum().item<float>(), 5 * expected);
  }
  buffer.reset();
  EXPECT_EQ(gpu.locked_bytes, 0U);
}

}  // namespace
