#include "imaging/metadata/exiftool.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>
#include <thread>

#include "common/error.h"
#include "imaging/metadata/copy_metadata.h"
#include "tests/common/expect_error.h"
#include "tests/common/temporary_folder.h"
#include "tests/imaging/sample_picture.h"

namespace fs = std::filesystem;
using common::ErrorKind;
using imaging::ExifTool;
using testing::ElementsAre;

namespace {

/// PATH as long as this lives.
class Path {
 public:
  explicit Path(const std::string& path) : before_(std::getenv("PATH")) {
    setenv("PATH", path.c_str(), 1);
  }
  ~Path() { setenv("PATH", before_.c_str(), 1); }
  const std::string& before() const { return before_; }

 private:
  std::string before_;
};

void write_program(const fs::path& path, const std::string& text) {
  std::ofstream(path) << "#!/bin/sh\n" << text;
  fs::permissions(path, fs::perms::owner_all);
}

}  // namespace

TEST(ExifTool, SaysWhatToInstallIfThereIsNone) {
  const tests::TemporaryFolder folder;
  const Path path(folder.path().string());
  tests::expect_error(ErrorKind::config, "libimage-exiftool-perl", [] { ExifTool(); });
}

TEST(ExifTool, OneThatDoesNotRunIsRefusedAtOnce) {
  const tests::TemporaryFolder folder;
  write_program(folder / "exiftool", "echo no perl\n");
  const Path path(folder.path().string());
  tests::expect_error(ErrorKind::config, "ended without an answer: no perl", [] { ExifTool(); });
}

TEST(ExifTool, AFolderOfThatNameIsPassedOver) {
  const tests::TemporaryFolder folder;
  fs::create_directory(folder / "exiftool");
  const Path path(folder.path().string() + ":" + std::getenv("PATH"));
  EXPECT_NO_THROW(ExifTool());
}

TEST(ExifTool, OneThatEndsOverAPhotographIsAnErrorAndCostsTheMetadataAlone) {
  const tests::TemporaryFolder folder;
  const fs::path from = folder / "a.jpg", to = folder / "to.jpg";
  for (const fs::path& file : {from, to}) {
    write_sample(file, imaging::sample_plane(4, 4), {imaging::Format::jpeg});
  }
  write_program(folder / "exiftool",  // answers -ver alone
                "while read -r line; do case $line in\n"
                "-ver) asked=1 ;;\n"
                "-execute*) [ \"$asked\" ] || exit 1; asked=; echo \"{ready${line#-execute}}\" ;;\n"
                "esac; done\n");
  const Path path(folder.path().string());
  ExifTool exiftool;
  tests::expect_error(ErrorKind::corrupt, "ended without an answer", [&] {
    exiftool.run({"-Artist", from.string()});
  });
  EXPECT_THAT(copy_metadata(exiftool, imaging::ImageFile(from), to),
              ElementsAre(testing::HasSubstr("its metadata were left out")));
}

/// The thread that used it first ends; the others go on with the same process.
TEST(ExifTool, OutlivesTheThreadThatAskedFirst) {
  const tests::TemporaryFolder folder;
  const std::string starts = (folder / "starts").string();
  const Path path(folder.path().string() + ":" + std::getenv("PATH"));
  write_program(folder / "exiftool",
                "echo >>" + starts + "\nPATH='" + path.before() + "' exec exiftool \"$@\"\n");
  ExifTool exiftool;
  for (int i = 0; i < 3; ++i) std::thread([&] { exiftool.run({"-ver"}); }).join();
  EXPECT_EQ(fs::file_size(starts), 1U);
}

TEST(ExifTool, OneThatWasKilledIsStartedAgain) {
  const tests::TemporaryFolder folder;
  const std::string mark = (folder / "started").string();
  const Path path(folder.path().string() + ":" + std::getenv("PATH"));
  write_program(folder / "exiftool", "[ -e " + mark + " ] || { : >" + mark + "; exit 1; }\nPATH='" +
                                         path.before() + "' exec exiftool \"$@\"\n");
  ExifTool exiftool;
  EXPECT_EQ(exiftool.run({"-ver"}).size(), 1U);
  EXPECT_TRUE(fs::exists(mark));
}

TEST(ExifTool, TakesFilesOfAnyName) {
  const tests::TemporaryFolder folder;
  ExifTool exiftool;
  const fs::path before = fs::current_path();
  fs::current_path(folder.path());
  for (const std::string name :
       {"-all=", "#a", " b", "two\nlines \\ \"%d\"\r", "%f$x@y%%", "\xFF"}) {
    write_sample(name, imaging::sample_plane(4, 4), {imaging::Format::jpeg});
    exiftool.run({"-q", "-overwrite_original", "-Artist=Ann", ExifTool::path_argument(name)});
    write_sample("to" + name, imaging::sample_plane(4, 4), {imaging::Format::tiff});
    EXPECT_THAT(copy_metadata(exiftool, imaging::ImageFile(name), "to" + name), testing::IsEmpty());
    EXPECT_THAT(exiftool.run({"-s3", "-Artist", ExifTool::path_argument("to" + name)}),
                ElementsAre("Ann"));
  }
  fs::current_path(before);
}

TEST(ExifTool, WhatAPictureSaysCannotEndAnAnswer) {
  const tests::TemporaryFolder folder;
  ExifTool exiftool;
  const fs::path file = folder / "a.jpg";
  write_sample(file, imaging::sample_plane(4, 4), {imaging::Format::jpeg});
  exiftool.run({"-q", "-overwrite_original", "-Comment=a\n{ready}\n{ready1}\nError: writing",
                file.string()});
  EXPECT_THAT(exiftool.run({"-s3", "-Comment", file.string()}),
              ElementsAre("a.{ready}.{ready1}.Error: writing"));
}
