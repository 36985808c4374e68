#include "dataset/sharding/photo_catalog.h"

#include <gtest/gtest.h>

#include "common/files.h"
#include "tests/common/expect_error.h"
#include "tests/dataset/synthetic_store.h"

namespace dataset {
namespace {
namespace fs = std::filesystem;
using common::ErrorKind;

/// Twenty files p00.jpg .. p19.jpg; their content is never looked at.
class PhotoCatalog : public testing::Test {
 protected:
  PhotoCatalog() {
    fs::create_directories(folder_ / "photos/inner");
    for (int i = 0; i < 20; ++i) {
      const std::string name = (i < 10 ? "p0" : "inner/p") + std::to_string(i) + ".JPG";
      common::write_file_atomically(folder_ / ("photos/" + name), "x");
    }
    common::write_file_atomically(folder_ / "photos/notes.txt", "x");
    source_.folders = {folder_ / "photos"};
  }

  fs::path list(const std::string& text) {
    common::write_file_atomically(folder_ / "list.txt", text);
    return folder_ / "list.txt";
  }

  std::vector<std::string> names(Split split, uint64_t seed = 1) {
    std::vector<std::string> found;
    for (const CatalogPhoto& photo : catalog_photos(source_, seed)) {
      if (photo.record.split == split) found.push_back(photo.record.name);
    }
    return found;
  }

  tests::TemporaryFolder folder_;
  SourceSettings source_;
};

TEST_F(PhotoCatalog, SplitsPhotosByAKeyedDraw) {
  const std::vector<std::string> valid = names(Split::valid);
  EXPECT_EQ(valid.size(), 2U);
  EXPECT_EQ(names(Split::train).size(), 18U);
  EXPECT_EQ(valid, names(Split::valid));
  EXPECT_NE(valid, names(Split::valid, 2));
}

TEST_F(PhotoCatalog, TakesTheValidationPhotosOfAList) {
  source_.valid_from = list("# held back\np03.JPG\n\ninner/p12.JPG \r\n");
  EXPECT_EQ(names(Split::valid), (std::vector<std::string>{"inner/p12.JPG", "p03.JPG"}));
}

TEST_F(PhotoCatalog, KeepsTheDivisionOfDiv2k) {
  for (const char* name : {"DIV2K_train_HR/0001.png", "DIV2K_train_HR/0002.png",
                           "DIV2K_valid_HR/0801.png", "DIV2K_valid_HR/0802.png"}) {
    fs::create_directories((folder_ / name).parent_path());
    common::write_file_atomically(folder_ / name, "x");
  }
  const std::vector<std::string> valid{"0801.png", "0802.png"};
  source_.folders = {folder_ / "DIV2K_train_HR", folder_ / "DIV2K_valid_HR"};
  EXPECT_EQ(names(Split::valid), valid);
  source_.valid_fraction = 0.25;  // asked for: another division
  EXPECT_EQ(names(Split::valid).size(), 1U);
  source_.valid_fraction = {};
  source_.folders = {folder_ / "DIV2K_valid_HR"};  // alone, these are photographs like others
  EXPECT_EQ(names(Split::train).size(), 1U);
}

TEST_F(PhotoCatalog, AListChangesNeitherNumberNorAgeingOfTheOthers) {
  source_.exclude_from = list("inner/p10.JPG\n");
  const std::vector<CatalogPhoto> photos = catalog_photos(source_, 1);
  EXPECT_EQ(photos.size(), 19U);
  EXPECT_EQ(photos[0].record.name, "inner/p11.JPG");
  EXPECT_EQ(photos[0].record.number, 1);
}

TEST_F(PhotoCatalog, TakesOnlyThoseOfAList) {
  source_.include_from = list("p07.JPG\np08.JPG\n");
  EXPECT_EQ(catalog_photos(source_, 1).size(), 2U);
}

TEST_F(PhotoCatalog, ANameThatIsNoPhotoIsRefused) {
  source_.exclude_from = list("p3.JPG\n");
  tests::expect_error(ErrorKind::usage, "no photograph 'p3.JPG'",
                      [&] { catalog_photos(source_, 1); });
}

TEST_F(PhotoCatalog, TwoPhotosOfOneNameAreRefused) {
  fs::create_directories(folder_ / "more");
  common::write_file_atomically(folder_ / "more/p04.JPG", "x");
  source_.folders.push_back(folder_ / "more");
  tests::expect_error(ErrorKind::usage, "the same name 'p04.JPG'",
                      [&] { catalog_photos(source_, 1); });
}

TEST_F(PhotoCatalog, AFileIsTheSameByTimeOrByBytes) {
  CatalogPhoto photo = catalog_photos(source_, 1).front();
  PhotoRecord record = photo.record;
  EXPECT_TRUE(is_same_file(photo, record));
  record.mtime_ns = 1;
  EXPECT_FALSE(is_same_file(photo, record));
  StoreParameters parameters;
  parameters.patch = 8;
  examine(photo, parameters);
  record.xxh3 = photo.record.xxh3;
  EXPECT_TRUE(is_same_file(photo, record));
  EXPECT_EQ(photo.record.use, PhotoUse::unreadable);
}

}  // namespace
}  // namespace dataset
