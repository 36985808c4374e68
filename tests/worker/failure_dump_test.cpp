#include "worker/failure_dump.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>

#include "common/files.h"

namespace {

namespace fs = std::filesystem;

constexpr const char* kDocumented = R"json({
  "rank": 1, "num_workers": 2, "host": "node", "pid": 77, "attempt": 3, "step": 12,
  "phase": "step", "phase_s": 61.5, "deadline_s": 60, "sequence": 345,
  "collectives": [
    {"sequence": 344, "kind": "broadcast", "what": "1 Long", "bytes": 8, "entered_s": 1.5,
     "left_s": 1.75},
    {"sequence": 345, "kind": "all_reduce", "what": "bucket 2", "bytes": 4096, "entered_s": 2.5,
     "left_s": null}],
  "threads": [{"name": "restore-worker", "id": 77, "frames": ["main+0x1 (restore-worker)"]
}],
  "others": [{"rank": 0, "step": 11, "sequence": 340, "phase": "data", "beats_stopped_s": 12.5}]
})json";

class FailureDump : public testing::Test {
 protected:
  FailureDump() { fs::remove_all(folder_); }
  ~FailureDump() override { fs::remove_all(folder_); }
  void write(int rank) const {
    worker::FailureDump dump;
    dump.self.rank = rank;
    worker::write_dump(folder_, dump);
  }
  const fs::path folder_ =
      fs::path(testing::TempDir()) / testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(FailureDump, SaysWhatTheDocumentsSay) {
  worker::FailureDump dump;
  dump.self = {1, 2, "node", 77, 3, 12, 345, "step", 61.5, 0, 9};
  dump.deadline_s = 60;
  dump.collectives = {{344, "broadcast", "1 Long", 8, 1.5, 1.75},
                      {345, "all_reduce", "bucket 2", 4096, 2.5, {}}};
  dump.threads = {{"restore-worker", 77, {"main+0x1 (restore-worker)"}}};
  common::Heartbeat other;
  other.step = 11;
  other.sequence = 340;
  other.phase = "data";
  dump.others = {{other, 12.5}};
  worker::write_dump(folder_, dump);
  EXPECT_EQ(nlohmann::json::parse(common::read_file(folder_ / "dumps" / "worker-1.json")),
            nlohmann::json::parse(kDocumented));
}

TEST_F(FailureDump, OfAnEarlierFailureIsReplacedOrRemoved) {
  for (const int rank : {0, 1}) {
    write(rank);
    fs::last_write_time(worker::dump_path(folder_, rank),
                        fs::file_time_type::clock::now() - std::chrono::hours(1));
  }
  const worker::EarlierDumps earlier(folder_);
  EXPECT_FALSE(earlier.replaced(0));
  EXPECT_FALSE(earlier.replaced(2));
  write(0);
  write(2);
  EXPECT_TRUE(earlier.replaced(0));
  EXPECT_TRUE(earlier.replaced(2));
  earlier.remove_the_rest();
  EXPECT_TRUE(fs::exists(worker::dump_path(folder_, 0)));
  EXPECT_FALSE(fs::exists(worker::dump_path(folder_, 1)));
  EXPECT_TRUE(fs::exists(worker::dump_path(folder_, 2)));
}

}  // namespace
