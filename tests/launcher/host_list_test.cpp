#include "launcher/host_list.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>

#include "health/process.h"
#include "tests/common/expect_error.h"

namespace launcher {
namespace {

using Hosts = std::vector<Host>;

TEST(HostList, ReadsNamesAndNumbersOfWorkers) {
  EXPECT_EQ(parse_hosts("a:4,b.c-d:2", 1), (Hosts{{"a", 4}, {"b.c-d", 2}}));
  EXPECT_EQ(parse_hosts("a,b:3", 8), (Hosts{{"a", 8}, {"b", 3}}));
}

TEST(HostList, RefusesWhatIsNoHost) {
  for (const char* text : {"", ",", "a,,b", "a:", "a:0", "a:-1", "a:4x", ":4", "a:4,", "-o:1"})
    tests::expect_error(common::ErrorKind::usage, "is not a host", [&] { parse_hosts(text, 1); });
}

TEST(HostList, IsWrittenAsMpirunReadsIt) {
  const Hosts hosts{{"a", 4}, {"b", 2}};
  EXPECT_EQ(hosts_text(hosts), "a:4,b:2");
  EXPECT_EQ(num_slots(hosts), 6);
}

class RemoteShell : public testing::Test {
 protected:
  void SetUp() override {
    // Of the words it gets, HOST true, it runs the host as a command: 'true' and 'false' are hosts.
    setenv("OMPI_MCA_plm_rsh_agent", "/usr/bin/env", 1);
  }
  void TearDown() override { unsetenv("OMPI_MCA_plm_rsh_agent"); }
};

TEST_F(RemoteShell, TellsWhichHostsCanBeReached) {
  const Hosts hosts{{"true", 1}, {"false", 2}, {health::host_name(), 3}, {"no-such-command", 4}};
  EXPECT_EQ(reachable_hosts(hosts), (Hosts{{"true", 1}, {health::host_name(), 3}}));
}

TEST_F(RemoteShell, WaitsForAllHostsTogetherAndNotForever) {
  setenv("OMPI_MCA_plm_rsh_agent", "/usr/bin/tail -q -f /dev/null", 1);  // never ends
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(reachable_hosts(Hosts(6, {"a", 1}), 0.5), Hosts{});
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
}

}  // namespace
}  // namespace launcher
