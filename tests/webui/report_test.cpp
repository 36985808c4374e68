#include "webui/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/error.h"
#include "common/files.h"
#include "tests/common/expect_error.h"
#include "tests/common/temporary_folder.h"
#include "tests/webui/fake_restoring.h"
#include "tests/webui/written_picture.h"

namespace webui {
namespace {

using testing::HasSubstr;
using testing::Not;

restore::RestoredPhoto restored(const tests::TemporaryFolder& folder, const std::string& name) {
  write_picture(folder / "picture.png", 60, 40);
  std::filesystem::rename(folder / "picture.png", folder / name);
  return *fake_restoring(0)({folder / name, folder / (name + ".out")}, {}, [](double) {}, {});
}

void write_report(const std::filesystem::path& page,
                  const std::vector<restore::RestoredPhoto>& photos) {
  Report report(page);
  for (const auto& photo : photos) report.add(photo);
  report.finish();
}

TEST(Report, EscapesNamesAndNotes) {
  const tests::TemporaryFolder folder;
  restore::RestoredPhoto photo = restored(folder, "<img src=x onerror=alert(1)>.png");
  photo.notes = {"</li><script>alert(2)</script>"};
  write_report(folder / "page.html", {photo});
  const std::string html = common::read_file(folder / "page.html");
  EXPECT_THAT(html, Not(HasSubstr("<img src=x")));
  EXPECT_THAT(html, Not(HasSubstr("<script>alert")));
  EXPECT_THAT(html, HasSubstr("<h2>&lt;img src=x onerror=alert(1)&gt;.png</h2>"));
  EXPECT_THAT(html, HasSubstr("<li>&lt;/li&gt;&lt;script&gt;alert(2)"));
}

TEST(Report, FillsAllPlaces) {
  const tests::TemporaryFolder folder;
  write_report(folder / "page.html", {restored(folder, "a.png"), restored(folder, "b.png")});
  const std::string html = common::read_file(folder / "page.html");
  EXPECT_THAT(html, Not(HasSubstr("{{")));
  EXPECT_THAT(html, HasSubstr("<a href=\"#photo-2\">b.png</a>"));
  EXPECT_THAT(html, HasSubstr("class=\"viewer-damage\""));
}

TEST(Report, SaysWhichPictureCannotBeShown) {
  const tests::TemporaryFolder folder;
  restore::RestoredPhoto photo = restored(folder, "a.png");
  std::filesystem::remove(photo.job.restored);
  write_report(folder / "page.html", {photo});
  EXPECT_THAT(common::read_file(folder / "page.html"), HasSubstr("<p class=\"missing\">"));
}

TEST(Report, LeavesTheEarlierPageUntilItIsWhole) {
  const tests::TemporaryFolder folder;
  common::write_file_atomically(folder / "page.html", "earlier");
  { Report(folder / "page.html").add(restored(folder, "a.png")); }
  EXPECT_EQ(common::read_file(folder / "page.html"), "earlier");
  for (const auto& file : std::filesystem::directory_iterator(folder.path())) {
    EXPECT_NE(file.path().extension(), ".tmp");
  }
  tests::expect_error(common::ErrorKind::io, "nowhere",
                      [&] { Report(folder / "nowhere" / "page.html"); });
}

}  // namespace
}  // namespace webui
