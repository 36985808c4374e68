#include "health/dump.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>

#include "common/files.h"
#include "tests/common/temporary_folder.h"

namespace health {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDocumented = R"json({
  "rank": 1, "num_workers": 2, "host": "node", "pid": 77, "attempt": 3, "step": 12,
  "sequence": 345, "phase": "step", "phase_s": 61.5, "samples_per_s": 20.5, "beat": 9,
  "deadline_s": 60,
  "collectives": [
    {"sequence": 344, "kind": "broadcast", "what": "1 Long", "bytes": 8, "entered_s": 1.5,
     "left_s": 1.75},
    {"sequence": 345, "kind": "all_reduce", "what": "bucket 2", "bytes": 4096, "entered_s": 2.5,
     "left_s": null}],
  "threads": [{"name": "restore-worker", "id": 77, "frames": ["main+0x1 (restore-worker)"]
}],
  "others": [{"rank": 0, "num_workers": 2, "host": "other", "pid": 76, "attempt": 3, "step": 11,
    "sequence": 340, "phase": "data", "phase_s": 1.5, "samples_per_s": 19.5, "beat": 4,
    "silent_s": 12.5}]
})json";

Dump documented_dump() {
  Dump dump;
  dump.self = {1, 2, "node", 77, 3, 12, 345, "step", 61.5, 20.5, 9};
  dump.deadline_s = 60;
  dump.collectives = {{344, "broadcast", "1 Long", 8, 1.5, 1.75},
                      {345, "all_reduce", "bucket 2", 4096, 2.5, {}}};
  dump.threads = {{"restore-worker", 77, {"main+0x1 (restore-worker)"}}};
  dump.others = {
      {.heartbeat = {0, 2, "other", 76, 3, 11, 340, "data", 1.5, 19.5, 4}, .silent_s = 12.5}};
  return dump;
}

class DumpTest : public testing::Test {
 protected:
  void write(int rank) const { write_dump(folder_.path(), {.self = {.rank = rank}}); }
  fs::path path_of(int rank) const { return dump_path(folder_.path(), rank); }
  const tests::TemporaryFolder folder_;
};

TEST_F(DumpTest, SaysWhatTheDocumentsSay) {
  write_dump(folder_.path(), documented_dump());
  EXPECT_EQ(nlohmann::json::parse(common::read_file(folder_ / "dumps" / "worker-1.json")),
            nlohmann::json::parse(kDocumented));
}

TEST_F(DumpTest, IsReadAsItWasWritten) {
  write(7);
  write_dump(folder_.path(), documented_dump());
  std::ofstream(path_of(8)) << "{}";
  const auto dumps = read_dumps(folder_.path());
  ASSERT_EQ(dumps.size(), 2U);
  EXPECT_EQ(dumps[1].self.rank, 7);
  write_dump(folder_ / "again", dumps[0]);
  EXPECT_EQ(common::read_file(dump_path(folder_ / "again", 1)), common::read_file(path_of(1)));
}

TEST_F(DumpTest, OfAnEarlierFailureIsReplacedOrRemoved) {
  for (const int rank : {0, 1}) {
    write(rank);
    fs::last_write_time(path_of(rank), fs::file_time_type::clock::now() - std::chrono::hours(1));
  }
  const EarlierDumps earlier(folder_.path());
  EXPECT_FALSE(earlier.replaced(0));
  EXPECT_FALSE(earlier.replaced(2));
  write(0);
  write(2);
  EXPECT_TRUE(earlier.replaced(0));
  EXPECT_TRUE(earlier.replaced(2));
  earlier.remove_the_rest();
  EXPECT_TRUE(fs::exists(path_of(0)));
  EXPECT_FALSE(fs::exists(path_of(1)));
  EXPECT_TRUE(fs::exists(path_of(2)));
}

}  // namespace
}  // namespace health
