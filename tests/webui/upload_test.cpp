#include "webui/upload.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/common/temporary_folder.h"
#include "tests/webui/fake_restoring.h"
#include "tests/webui/uploaded.h"

namespace webui {
namespace {

using testing::HasSubstr;

std::string refusal(Upload& upload, const std::string& name = "a.png") {
  try {
    upload.finish(name);
  } catch (const common::Error& error) {
    return error.what();
  }
  return "";
}

struct UploadTest : testing::Test {
  tests::TemporaryFolder folder;
  PhotoQueue queue{folder.path(), 2, fake_restoring(0)};
};

TEST_F(UploadTest, ComesInPiecesAndIsListed) {
  Upload upload(queue, {});
  for (const char byte : small_png()) EXPECT_TRUE(upload.receive(&byte, 1));
  EXPECT_TRUE(queue.list().empty());
  EXPECT_EQ(upload.finish("../x/<b>.png").name, "<b>.png");
  const auto photos = queue.list();
  ASSERT_EQ(photos.size(), 1U);
  EXPECT_EQ(photos[0].state, PhotoState::ready);
  EXPECT_EQ(photos[0].size.width, 60);
  EXPECT_TRUE(std::filesystem::exists(photos[0].files.before()));
}

TEST_F(UploadTest, ThatIsTooLargeIsReadToItsEndAndRefused) {
  {
    Upload upload(queue, {1 << 20, std::chrono::seconds(60)});
    const std::string bytes(300'000, 'x');
    for (int i = 0; i < 4; ++i) EXPECT_TRUE(upload.receive(bytes.data(), bytes.size()));
    EXPECT_TRUE(upload.is_too_large());
    EXPECT_THAT(refusal(upload), HasSubstr("a.png is larger than the 1.0 MB"));
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST_F(UploadTest, ThatIsNoPictureIsNamedAsThePersonNamesIt) {
  {
    Upload upload(queue, {});
    upload.receive("hello", 5);
    EXPECT_THAT(refusal(upload, "letter.pdf"), HasSubstr("letter.pdf is not a JPEG, PNG"));
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
  EXPECT_TRUE(queue.list().empty());
}

TEST_F(UploadTest, IsRefusedWhereThereAreTooMany) {
  uploaded(queue, "a.png");
  const int64_t second = uploaded(queue, "b.png");
  {
    Upload third(queue, {});
    EXPECT_TRUE(third.receive("x", 1));
    EXPECT_THAT(refusal(third), HasSubstr("at most 2 photographs"));
  }
  queue.remove(second);
  uploaded(queue, "c.png");
  EXPECT_EQ(queue.list().size(), 2U);
}

TEST_F(UploadTest, ThatTakesTooLongIsCutOff) {
  Upload upload(queue, {1 << 20, std::chrono::seconds(-1)});
  EXPECT_FALSE(upload.receive("x", 1));
  EXPECT_THAT(refusal(upload), HasSubstr("took longer"));
}

}  // namespace
}  // namespace webui
