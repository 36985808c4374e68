#include "webui/upload_name.h"

#include <gtest/gtest.h>

namespace webui {
namespace {

TEST(DisplayName, IsTheLastPartOfAPathAndNeverEmpty) {
  EXPECT_EQ(display_name("grandmother.tif"), "grandmother.tif");
  EXPECT_EQ(display_name("../../etc/passwd"), "passwd");
  EXPECT_EQ(display_name("C:\\scans\\a.png"), "a.png");
  for (const char* name : {"", "..", "a/", "/", " . "}) EXPECT_EQ(display_name(name), "photograph");
  EXPECT_EQ(display_name(".hidden.png"), "hidden.png");
}

TEST(DisplayName, IsShortAndWholeCharacters) {
  std::string umlauts;
  for (int i = 0; i < 100; ++i) umlauts += "ü";
  const std::string name = display_name("a" + umlauts);
  EXPECT_EQ(name.size(), 119U);  // 1 + 59 times 2
}

TEST(DownloadName, NamesTheResultsFormat) {
  EXPECT_EQ(download_name("a.b.tif", imaging::Format::png), "a.b.restored.png");
  EXPECT_EQ(download_name("scan", imaging::Format::jpeg), "scan.restored.jpg");
}

TEST(ContentDisposition, CannotBeLeftByAName) {
  EXPECT_EQ(content_disposition("a\"; x=\"\r\nß.png"),
            "attachment; filename=\"a__ x______.png\"; "
            "filename*=UTF-8''a%22%3B%20x%3D%22%0D%0A%C3%9F.png");
}

}  // namespace
}  // namespace webui
