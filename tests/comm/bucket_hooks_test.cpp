#include "comm/bucket_hooks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "device/torch.h"

namespace {

using comm::BucketHooks;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

at::Tensor parameter() { return at::ones({1}).requires_grad_(); }

struct TwoBuckets {
  at::Tensor a = parameter(), b = parameter(), c = parameter();
  std::vector<size_t> reported;
  BucketHooks buckets{{{c, b}, {a}}, [this](size_t bucket) { reported.push_back(bucket); }};
};

TEST(BucketHooks, AreReportedWithinTheLastBackwardAlone) {
  TwoBuckets two;
  (two.a * two.b * two.c).sum().backward();
  EXPECT_THAT(two.reported, IsEmpty());
  two.buckets.expect();
  (two.a * two.b * two.c).sum().backward();
  EXPECT_THAT(two.reported, ElementsAre(0, 1));
  two.buckets.report_rest();
  EXPECT_THAT(two.reported, ElementsAre(0, 1));
}

TEST(BucketHooks, KeepTheirOrderWhateverTheOrderOfBackward) {
  // Bucket 1 is finished first: its sum must wait, or workers would sum different things.
  TwoBuckets two;
  two.buckets.expect();
  two.a.sum().backward();
  EXPECT_THAT(two.reported, IsEmpty());
  (two.b * two.c).sum().backward();
  EXPECT_THAT(two.reported, ElementsAre(0, 1));
}

TEST(BucketHooks, ThatTheLossDoesNotReachAreReportedAfterIt) {
  TwoBuckets two;
  two.buckets.expect();
  (two.a * two.c).sum().backward();
  EXPECT_THAT(two.reported, IsEmpty());
  two.buckets.report_rest();
  EXPECT_THAT(two.reported, ElementsAre(0, 1));
}

TEST(BucketHooks, AreReportedAgainInTheNextStep) {
  TwoBuckets two;
  for (int step = 0; step < 2; ++step) {
    two.buckets.expect();
    (two.a * two.b * two.c).sum().backward();
    two.buckets.report_rest();
  }
  EXPECT_THAT(two.reported, ElementsAre(0, 1, 0, 1));
}

TEST(BucketHooks, LeaveNoHookBehind) {
  const at::Tensor a = parameter();
  int reports = 0;
  {
    BucketHooks buckets({{a}}, [&](size_t) { ++reports; });
    buckets.expect();
  }
  a.sum().backward();
  EXPECT_EQ(reports, 0);
}

}  // namespace
