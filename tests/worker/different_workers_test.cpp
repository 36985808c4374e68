// What a job does when one of its workers is another program or was started otherwise.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "comm/single_group.h"
#include "common/error.h"
#include "tests/worker/tiny_store.h"
#include "worker/job.h"

namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// Worker 0 of two, as far as the checks before the first step go. The other one, a stranger,
/// agrees with the first `num_agreed` numbers that are compared and with none after.
class PairWithAStranger : public comm::SingleGroup {
 public:
  explicit PairWithAStranger(int num_agreed) : num_agreed_(num_agreed) {}
  int size() const override { return 2; }
  std::vector<int64_t> all_gather(int64_t value) override {
    return {value, num_compared_++ < num_agreed_ ? value : value + 1};
  }

 private:
  int num_agreed_, num_compared_ = 0;
};

std::string refusal(int num_agreed) {
  const fs::path folder = fs::path(testing::TempDir()) / "different_workers" /
                          testing::UnitTest::GetInstance()->current_test_info()->name();
  write_tiny_store(folder / "store");
  PairWithAStranger group(num_agreed);
  try {
    run_tiny_job(group, tiny_config(folder, "run"));
  } catch (const common::Error& error) {
    EXPECT_EQ(error.kind(), common::ErrorKind::config);
    EXPECT_FALSE(fs::exists(folder / "runs"));
    return error.what();
  }
  return "accepted";
}

TEST(DifferentWorkers, OfAnotherVersionAreNamed) {
  EXPECT_THAT(refusal(0),
              HasSubstr("the version of restore-worker or LibTorch of worker 1 differs"));
}

TEST(DifferentWorkers, WithAnotherConfigurationAreNamed) {
  EXPECT_THAT(refusal(1), HasSubstr("the configuration of worker 1 differs"));
}

TEST(DifferentWorkers, WithAnotherBucketPlanAreNamed) {
  EXPECT_THAT(refusal(2), HasSubstr("the bucket plan of worker 1 differs"));
}

}  // namespace
