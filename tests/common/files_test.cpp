#include "common/files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/common/expect_error.h"
#include "tests/common/full_disk.h"
#include "tests/common/temporary_folder.h"

namespace {

namespace fs = std::filesystem;
using common::ErrorKind;
using testing::ElementsAre;
using testing::IsEmpty;

class Files : public testing::Test {
 protected:
  fs::path path(const std::string& name) const { return folder_ / name; }
  std::vector<std::string> names() const { return tests::names_of(folder_.path()); }
  tests::TemporaryFolder folder_;
};

TEST_F(Files, AtomicWriteReplacesTheWholeFile) {
  common::write_file_atomically(path("a"), "a longer text");
  common::write_file_atomically(path("a"), std::string("b\0c", 3));
  EXPECT_EQ(common::read_file(path("a")), std::string("b\0c", 3));
  EXPECT_THAT(names(), ElementsAre("a"));
}

TEST_F(Files, FailedWriteKeepsTheEarlierFileAndLeavesNothingBehind) {
  common::write_file_atomically(path("a"), "earlier");
  tests::expect_error(ErrorKind::io, "cannot write", [&] {
    const tests::FullDisk full(4096);
    common::write_file_atomically(path("a"), std::string(100000, 'x'));
  });
  EXPECT_EQ(common::read_file(path("a")), "earlier");
  EXPECT_THAT(names(), ElementsAre("a"));
}

TEST_F(Files, AtomicFileWrittenByNameAppearsAtCommit) {
  common::AtomicFile file(path("a"));
  fs::remove(file.temporary());  // as a library that replaces the file
  std::ofstream(file.temporary()) << "whole";
  EXPECT_FALSE(fs::exists(path("a")));
  file.commit();
  EXPECT_EQ(common::read_file(path("a")), "whole");
  EXPECT_THAT(names(), ElementsAre("a"));
}

TEST_F(Files, AtomicFileWithoutCommitLeavesNothing) {
  common::AtomicFile(path("a")).write("part");
  EXPECT_THAT(names(), IsEmpty());
  tests::expect_error(ErrorKind::io, "absent/a", [&] { common::AtomicFile(path("absent/a")); });
}

TEST_F(Files, ReadingPastTheEndIsCorruptAndNamesTheFile) {
  std::ofstream(path("short")) << "12345";
  const auto file = common::open_file(path("short"), 0);
  char buffer[8];
  tests::expect_error(ErrorKind::corrupt, "short is truncated",
                      [&] { common::read_exactly(file, buffer, 8, 0, path("short")); });
}

TEST_F(Files, MissingFolderAndTooLargeFilesAreIoErrors) {
  std::ofstream(path("large")) << std::string(100, 'x');
  const auto refusal = [](const fs::path& file, const std::string& words) {
    tests::expect_error(ErrorKind::io, words, [&] { common::read_file(file, 99); });
  };
  refusal(path("large"), "large has 100 bytes; at most 99");
  refusal(path("absent"), "cannot open");
  refusal(folder_.path(), "it is a folder");
}

}  // namespace
