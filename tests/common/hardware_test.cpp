#include "common/hardware.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <stdlib.h>

#include <fstream>
#include <string>

namespace common {
namespace {

namespace fs = std::filesystem;

/// A folder that looks like mounted control groups.
class CgroupFolder {
 public:
  CgroupFolder() {
    std::string name = (fs::temp_directory_path() / "cgroup-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~CgroupFolder() { fs::remove_all(folder_); }
  void write(const fs::path& name, const std::string& text) const {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << text;
  }
  int cores() const { return usable_cores(folder_, folder_ / "own"); }

 private:
  fs::path folder_;
};

int affinity() {
  cpu_set_t set;
  sched_getaffinity(0, sizeof set, &set);
  return CPU_COUNT(&set);
}

TEST(UsableCores, AreTheAffinityMaskWithoutQuota) {
  CgroupFolder groups;
  groups.write("own", "0::/job\n");
  groups.write("job/cpu.max", "max 100000\n");
  EXPECT_EQ(groups.cores(), affinity());
}

TEST(UsableCores, FollowAQuotaOfAParentGroup) {
  CgroupFolder groups;
  groups.write("own", "0::/slice/job\n");
  groups.write("slice/cpu.max",
               "199000 100000\n");  // 1.99 cores: one worker at full speed, not two
  groups.write("slice/job/cpu.max", "max 100000\n");
  EXPECT_EQ(groups.cores(), 1);
}

TEST(UsableCores, FollowAQuotaOfVersionOne) {
  CgroupFolder groups;
  groups.write("own", "4:memory:/\n3:cpu,cpuacct:/job\n");
  groups.write("cpu/job/cpu.cfs_quota_us", "100000\n");
  groups.write("cpu/job/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(groups.cores(), 1);
}

TEST(UsableCores, AreAtLeastOne) {
  CgroupFolder groups;
  groups.write("own", "0::/job\n");
  groups.write("job/cpu.max", "20000 100000\n");
  EXPECT_EQ(groups.cores(), 1);
}

TEST(UsableCores, ShrinkWithTheAffinityMask) {
  cpu_set_t before, one;
  sched_getaffinity(0, sizeof before, &before);
  CPU_ZERO(&one);
  for (int cpu = 0; cpu < CPU_SETSIZE && CPU_COUNT(&one) == 0; ++cpu) {
    if (CPU_ISSET(cpu, &before)) CPU_SET(cpu, &one);
  }
  sched_setaffinity(0, sizeof one, &one);
  EXPECT_EQ(usable_cores("/nowhere", "/nowhere/own"), 1);
  sched_setaffinity(0, sizeof before, &before);
}

}  // namespace
}  // namespace common
