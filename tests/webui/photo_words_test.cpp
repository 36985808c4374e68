#include "webui/photo_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace webui {
namespace {

std::string text(const restore::RestoredPhoto& photo, const std::string& label) {
  for (const auto& fact : describe(photo)) {
    if (fact.label == label) return fact.text;
  }
  return "";
}

TEST(PhotoWords, TellWhatWasFound) {
  restore::RestoredPhoto photo;
  photo.width = 640;
  photo.height = 480;
  photo.bits = 16;
  photo.found = {2.44, 0.0312, 0.2, 0.7, restore::Findings::Colour::toned};
  EXPECT_EQ(text(photo, "Photograph"), "640 × 480 pixels, 16 bit, toned");
  EXPECT_EQ(text(photo, "Grain"), "light (2.4 of 255 levels)");
  EXPECT_EQ(text(photo, "Damage"), "3.1% of the picture");
  EXPECT_EQ(text(photo, "Tones"), "faded: the darkest at 20%, the lightest at 70%");
}

TEST(PhotoWords, TellOnlyTheStrengthsOfWhatWasDone) {
  restore::RestoredPhoto photo;
  photo.options.tasks = {false, true, true};
  photo.strengths.inpaint = 0.5;
  EXPECT_EQ(text(photo, "Done"), "damage repaired, colourised");
  EXPECT_EQ(text(photo, "Strength"), "repair 50% (as measured)");
  photo.options.strength = 0.5;
  EXPECT_EQ(text(photo, "Strength"), "repair 50% (as chosen)");
  photo.options.tasks = {false, false, true};
  EXPECT_EQ(text(photo, "Strength"), "");
}

TEST(PhotoWords, TellWhatAPersonMarked) {
  restore::RestoredPhoto photo;
  EXPECT_EQ(text(photo, "Marked"), "");
  photo.options.mask = "mask.png";
  EXPECT_THAT(text(photo, "Marked"), testing::HasSubstr("beside what was found"));
  photo.options.only_mask = true;
  EXPECT_THAT(text(photo, "Marked"), testing::HasSubstr("only"));
}

TEST(PhotoWords, TellASensitivityThatWasChosen) {
  restore::RestoredPhoto photo;
  EXPECT_EQ(text(photo, "Sensitivity"), "");
  photo.options.sensitivity = -0.5;
  EXPECT_EQ(text(photo, "Sensitivity"), "-0.5: less was taken for damage");
  photo.options.sensitivity = 2;
  EXPECT_EQ(text(photo, "Sensitivity"), "+2: more was taken for damage");
}

TEST(PhotoWords, JpegHasEightBitWhateverWasRead) {
  restore::RestoredPhoto photo;
  photo.bits = 16;
  photo.format = imaging::Format::jpeg;
  EXPECT_EQ(text(photo, "Result"), "JPEG, 8 bit");
  photo.format = imaging::Format::tiff;
  EXPECT_EQ(text(photo, "Result"), "TIFF, 16 bit");
}

TEST(PhotoWords, SizesAreRounded) {
  EXPECT_EQ(size_in_words(1), "1 kB");
  EXPECT_EQ(size_in_words(int64_t{512} << 20), "512 MB");
  EXPECT_EQ(size_in_words(3'500'000), "3.3 MB");
}

}  // namespace
}  // namespace webui
