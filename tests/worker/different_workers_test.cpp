// What a job does when one of its workers is another program or was started otherwise.
#include <gtest/gtest.h>

#include "comm/group.h"
#include "common/error.h"
#include "tests/common/expect_error.h"
#include "tests/common/temporary_folder.h"
#include "tests/worker/tiny_store.h"
#include "worker/job.h"

namespace {

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

void expect_refusal(int num_agreed, const std::string& words) {
  const tests::TemporaryFolder temporary;
  write_tiny_store(temporary / "store");
  PairWithAStranger group(num_agreed);
  tests::expect_error(common::ErrorKind::config, words,
                      [&] { run_tiny_job(group, tiny_config(temporary.path(), "run")); });
  EXPECT_FALSE(std::filesystem::exists(temporary / "runs"));
}

TEST(DifferentWorkers, OfAnotherVersionAreNamed) {
  expect_refusal(0, "the version of restore-worker or LibTorch of worker 1 differs");
}

TEST(DifferentWorkers, WithAnotherConfigurationAreNamed) {
  expect_refusal(1, "the configuration of worker 1 differs");
}

TEST(DifferentWorkers, WithAnotherBucketPlanAreNamed) {
  expect_refusal(2, "the bucket plan of worker 1 differs");
}

}  // namespace
