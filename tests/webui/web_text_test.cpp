#include "webui/web_text.h"

#include <gtest/gtest.h>

namespace webui {
namespace {

TEST(EscapeHtml, LeavesNothingThatEndsTextOrAttribute) {
  EXPECT_EQ(escape_html("<script>\"a\" & 'b'</script>"),
            "&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/script&gt;");
  EXPECT_EQ(escape_html("Großmutter, 1931"), "Großmutter, 1931");
}

TEST(EscapeHtml, ReplacesWhatIsNotUtf8) {
  EXPECT_EQ(escape_html("a\xff<"), "a\xEF\xBF\xBD&lt;");
  // A character that is cut short must not swallow what follows it.
  EXPECT_EQ(escape_html("\xe2\x82<b>"), "\xEF\xBF\xBD\xEF\xBF\xBD&lt;b&gt;");
}

TEST(PrintableUtf8, ReplacesControlsAndWhatTurnsTheDirectionOfText) {
  EXPECT_EQ(printable_utf8(std::string_view("a\0b", 3)),
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(printable_utf8("a\nb"),
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(printable_utf8("gnp.\u202Eexe"),
            "gnp.\xEF\xBF\xBD"
            "exe");
}

TEST(PrintableUtf8, IsCutBetweenCharacters) {
  EXPECT_EQ(printable_utf8("aßß", 4), "aß");
  EXPECT_EQ(printable_utf8("aßß", 5), "aßß");
}

TEST(DataUri, IsBase64) {
  EXPECT_EQ(data_uri("image/png", "\x01\xff"), "data:image/png;base64,Af8=");
}

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
