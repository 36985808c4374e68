#include "health/run_lease.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>

#include "common/error.h"
#include "health/process.h"
#include "tests/common/temporary_folder.h"

namespace health {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class Lease : public testing::Test {
 protected:
  void write_owner(const std::string& host, int64_t pid, int64_t start_time) {
    std::ofstream(owner_) << nlohmann::json{
        {"host", host}, {"pid", pid}, {"start_time", start_time}};
  }
  std::string refusal() {
    try {
      const RunLease lease(folder_);
    } catch (const common::Error& error) {
      EXPECT_EQ(error.kind(), common::ErrorKind::usage);
      return error.what();
    }
    return "taken";
  }
  const tests::TemporaryFolder temporary_;
  const fs::path folder_ = temporary_.path();
  const fs::path owner_ = folder_ / "owner.json";
};

TEST_F(Lease, NamesThisProcessAndGoesWithItsOwner) {
  {
    const RunLease lease(folder_);
    const auto owner = nlohmann::json::parse(std::ifstream(owner_));
    EXPECT_EQ(owner["pid"], getpid());
    EXPECT_EQ(owner["host"], host_name());
  }
  EXPECT_FALSE(fs::exists(owner_));
}

TEST_F(Lease, IsRefusedWhileItsOwnerLives) {
  const RunLease lease(folder_);
  EXPECT_THAT(refusal(), HasSubstr("process " + std::to_string(getpid())));
  EXPECT_TRUE(fs::exists(owner_));
}

TEST_F(Lease, OfADeadProcessIsTakenOver) {
  write_owner(host_name(), 1 << 30, 5);
  EXPECT_EQ(refusal(), "taken");
}

TEST_F(Lease, OfAKilledProcessThatNoOneAskedForYetIsTakenOver) {
  const pid_t child = ::fork();
  if (child == 0) {
    const RunLease lease(folder_);
    ::kill(::getpid(), SIGKILL);
  }
  siginfo_t ended{};
  ::waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOWAIT);
  EXPECT_TRUE(fs::exists(owner_));
  EXPECT_EQ(refusal(), "taken");
  ::waitpid(child, nullptr, 0);
}

TEST_F(Lease, OfAnotherProcessWithTheSameNumberIsTakenOver) {
  write_owner(host_name(), getpid(), 5);  // this process did not start at tick 5
  EXPECT_EQ(refusal(), "taken");
}

TEST_F(Lease, OfAnotherHostHoldsUntilItIsNoLongerRenewed) {
  write_owner("elsewhere", 1, 1);
  EXPECT_THAT(refusal(), HasSubstr("on elsewhere"));
  const auto age = std::chrono::seconds(RunLease::kStale_s + 5);
  fs::last_write_time(owner_, fs::file_time_type::clock::now() - age);
  EXPECT_EQ(refusal(), "taken");
}

TEST_F(Lease, ThatWasCutOffIsTakenOver) {
  std::ofstream(owner_) << "{\"host\": \"el";
  EXPECT_EQ(refusal(), "taken");
}

}  // namespace
}  // namespace health
