#include "common/files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <fstream>

#include "common/error.h"

namespace {

namespace fs = std::filesystem;

class Files : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) / "files_test";
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  size_t num_files() const {
    return static_cast<size_t>(std::distance(fs::directory_iterator(folder_), {}));
  }
  fs::path folder_;
};

TEST_F(Files, AtomicWriteReplacesTheWholeFile) {
  common::write_file_atomically(folder_ / "a", "a longer text");
  common::write_file_atomically(folder_ / "a", std::string("b\0c", 3));
  EXPECT_EQ(common::read_file(folder_ / "a"), std::string("b\0c", 3));
  EXPECT_EQ(num_files(), 1u);
}

TEST_F(Files, FailedWriteKeepsTheEarlierFileAndLeavesNothingBehind) {
  common::write_file_atomically(folder_ / "a", "earlier");
  std::signal(SIGXFSZ, SIG_IGN);  // past the limit write(2) fails with EFBIG, as on a full disk
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const rlimit limit{4096, before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &limit);
  EXPECT_THROW(common::write_file_atomically(folder_ / "a", std::string(100000, 'x')),
               common::Error);
  setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_EQ(common::read_file(folder_ / "a"), "earlier");
  EXPECT_EQ(num_files(), 1u);
}

TEST_F(Files, ReadingPastTheEndIsCorruptAndNamesTheFile) {
  std::ofstream(folder_ / "short") << "12345";
  const auto file = common::open_file(folder_ / "short", 0);
  char buffer[8];
  try {
    common::read_exactly(file, buffer, 8, 0, folder_ / "short");
    FAIL() << "read 8 of 5 bytes";
  } catch (const common::Error& error) {
    EXPECT_EQ(error.kind(), common::ErrorKind::corrupt);
    EXPECT_THAT(error.what(), testing::HasSubstr("short is truncated"));
  }
}

TEST_F(Files, MissingFolderAndTooLargeFilesAreIoErrors) {
  std::ofstream(folder_ / "large") << std::string(100, 'x');
  EXPECT_THROW(common::read_file(folder_ / "large", 99), common::Error);
  EXPECT_THROW(common::read_file(folder_ / "absent"), common::Error);
  EXPECT_THROW(common::read_file(folder_), common::Error);
}

}  // namespace
