// Files that are lost in part: cut short, broken in the middle, filled up.
#include <gmock/gmock.h>

#include <fstream>

#include "common/files.h"
#include "imaging/image_file.h"
#include "imaging/row_reader.h"
#include "tests/imaging/scanned_file.h"
#include "tests/imaging/tiff_file.h"

namespace imaging {
namespace {

namespace fs = std::filesystem;
using common::ErrorKind;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using tests::flat_page;
using tests::TiffPage;
using tests::write_tiff;

class LossyFile : public ScannedFile {
 protected:
  std::string jpeg(const char* options = "") {
    write_samples(folder_ / "whole.png", random_samples({160, 128, 8, 3}, 255), Format::png);
    const vips::Image picture(vips_image_new_from_file((folder_ / "whole.png").c_str(), nullptr));
    const std::string name = (folder_ / "whole.jpg").string() + options;
    EXPECT_EQ(vips_image_write_to_file(picture.get(), name.c_str(), nullptr), 0);
    return common::read_file(folder_ / "whole.jpg");
  }
  void write(const std::string& bytes) { std::ofstream(path_, std::ios::binary) << bytes; }

  static std::vector<std::string> notes_of_part(const fs::path& path) {
    const ImageFile file(path, {.partial = true});
    RowReader reader(file);
    EXPECT_EQ(reader.next(file.form().height).count, file.form().height);
    return file.notes();
  }
};

TEST_F(LossyFile, AJpegWithAStrayMarkerIsReadInPartOnlyIfAskedFor) {
  const std::string whole = jpeg();
  for (const char* marker : {"\xFF\xD9", "\xFF\xE1", "\xFF\xC4"}) {
    std::string bytes = whole;
    write(bytes.insert(bytes.size() / 2, marker));
    expect_refused("only the first 47%");
    EXPECT_THAT(notes_of_part(path_), ElementsAre(HasSubstr("only the first 47%")));
  }
}

TEST_F(LossyFile, AJpegThatLacksItsEndIsReadWithANote) {
  for (const char* options : {"", "[interlace]"}) {
    const std::string whole = jpeg(options);
    for (const size_t lost : {1, 2, 6}) {
      write(whole.substr(0, whole.size() - lost));
      EXPECT_EQ(read_samples(path_).form.height, 128);
      EXPECT_EQ(read_photo(path_, 0).height, 128);
      EXPECT_THAT(ImageFile(path_).notes(), ElementsAre(HasSubstr("end of the file is missing")));
    }
    write(whole.substr(0, whole.size() * 3 / 4));
    tests::expect_error(ErrorKind::corrupt, "can be read", [this] { read_samples(path_); });
    write(whole);
    EXPECT_THAT(ImageFile(path_).notes(), IsEmpty());
  }
}

TEST_F(LossyFile, AJpegThatEndsInFillerIsLostFromThere) {
  const std::string whole = jpeg();
  for (const std::string& filler :
       {std::string(2, '\0'), std::string("\xF6\xF6"), std::string("AB")}) {
    for (const size_t kept : {whole.size() / 4, whole.size() / 2, whole.size() * 9 / 10}) {
      std::string bytes = whole.substr(0, kept);
      while (bytes.size() < whole.size()) bytes += filler;
      write(bytes);
      expect_refused("can be read");
      EXPECT_THAT(notes_of_part(path_), ElementsAre(HasSubstr("only the first")));
    }
  }
  write(whole + std::string(500, '\0'));  // behind the end it says nothing
  EXPECT_THAT(ImageFile(path_).notes(), IsEmpty());
}

TEST_F(LossyFile, ATiffThatIsCutIsReadAsFarAsItGoes) {
  TiffPage page = flat_page(160, 128, 3, 90);
  write_tiff(path_, {page});
  std::string bytes = common::read_file(path_);
  // The directory stands behind the pixels: one strip in the middle is sent beyond the end.
  const size_t first_strip = 8, strip = 160 * 16 * 3;
  const size_t offsets = bytes.find(std::string("\x08\0\0\0", 4) + std::string("\x08\x1E\0\0", 4),
                                    first_strip + 8 * strip);
  ASSERT_NE(offsets, std::string::npos);
  bytes.replace(offsets + 4 * 4, 4, std::string("\xFF\xFF\xFF\x7F", 4));
  write(bytes);
  tests::expect_error(ErrorKind::corrupt, "only the first 50% of it can be read",
                      [this] { read_samples(path_); });
  EXPECT_THAT(notes_of_part(path_), ElementsAre(HasSubstr("only the first 50%")));
  const ImageFile part(path_, {.partial = true});
  RowReader reader(part);
  const RowReader::Rows rows = reader.next(128);
  EXPECT_EQ(rows.row(63)[0], 90);
  EXPECT_EQ(rows.row(64)[0], 128);
}

TEST_F(LossyFile, APngWithoutItsEndIsReadWithANote) {
  jpeg();
  const std::string whole = common::read_file(folder_ / "whole.png");
  write(whole.substr(0, whole.size() - 12));
  EXPECT_EQ(read_samples(path_).form.height, 128);
  EXPECT_THAT(ImageFile(path_).notes(), ElementsAre(HasSubstr("end of the file is missing")));
  write(whole.substr(0, whole.size() / 2));
  tests::expect_error(ErrorKind::corrupt, "of it can be read", [this] { read_samples(path_); });
  EXPECT_THAT(notes_of_part(path_), ElementsAre(HasSubstr("the rest is gray")));
}

}  // namespace
}  // namespace imaging
