#pragma once

#include <gtest/gtest.h>

#include "imaging/photo_reader.h"
#include "tests/common/expect_error.h"
#include "tests/common/temporary_folder.h"
#include "tests/imaging/sample_picture.h"

namespace imaging {

/// A file at `path_` that a test writes and then reads as a photograph.
class ScannedFile : public testing::Test {
 protected:
  void expect_refused(const std::string& words) {
    tests::expect_error(common::ErrorKind::corrupt, words, [this] { read_samples(path_); });
    tests::expect_error(common::ErrorKind::corrupt, words, [this] { read_photo(path_, 0); });
  }

  tests::TemporaryFolder folder_;
  std::filesystem::path path_ = folder_ / "a.tif";
};

}  // namespace imaging
