#include "imaging/metadata/maker_note.h"

#include <gtest/gtest.h>

#include "imaging/metadata/exif_tags.h"

using imaging::ByteOrder;
using imaging::bytes_of;

namespace {

constexpr ByteOrder kOrder = ByteOrder::little;

/// A name, then a directory of one value of twelve bytes; its offset counts from `base`.
std::string note_of(const std::string& name, uint64_t base) {
  const uint64_t value = base + name.size() + 2 + 12 + 4;
  return name + bytes_of(1, 2, kOrder) + bytes_of(6, 2, kOrder) + bytes_of(2, 2, kOrder) +
         bytes_of(12, 4, kOrder) + bytes_of(value, 4, kOrder) + bytes_of(0, 4, kOrder) +
         "hello world" + '\0';
}

TEST(MakerNote, CorrectsOffsetsThatCountFromTheBeginningOfExif) {
  for (const std::string& name : {std::string(), std::string("Panasonic\0\0\0", 12)}) {
    EXPECT_EQ(imaging::moved_maker_note(note_of(name, 500), 500, 90), note_of(name, 90));
  }
}

TEST(MakerNote, MovesTheFooterOfCanon) {
  const std::string footer("II\x2a\0", 4);
  EXPECT_EQ(
      imaging::moved_maker_note(note_of("", 500) + footer + bytes_of(500, 4, kOrder), 500, 90),
      note_of("", 90) + footer + bytes_of(90, 4, kOrder));
}

TEST(MakerNote, LeavesAloneWhatItDoesNotUnderstand) {
  const std::string own_offsets = note_of("Apple iOS\0\0\1", 0);
  EXPECT_EQ(imaging::moved_maker_note(own_offsets, 500, 90), own_offsets);
  for (const std::string note : {"", "x", "some words and no directory at all"}) {
    EXPECT_EQ(imaging::moved_maker_note(note, 500, 90), note);
  }
}

TEST(MakerNote, StaysWhereItWasInABlock) {
  imaging::ExifTree tree;
  const std::string note = note_of("", 300);
  tree.exif[imaging::exif_tags::kMakerNote] = {imaging::exif_tags::kMakerNote, imaging::kUndefined,
                                               note.size(), note, 300};
  // Larger than what is before the note: it must go behind.
  tree.image[270] = {270, imaging::kAscii, 400, std::string(400, 'a'), 0};
  std::vector<std::string> notes;
  const std::string block = exif_block(tree, 65000, notes);
  EXPECT_EQ(block.substr(300, note.size()), note);
  EXPECT_GT(block.find(std::string(400, 'a')), 300U);
}

}  // namespace
