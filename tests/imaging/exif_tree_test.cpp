#include "imaging/metadata/exif_tree.h"

#include <gmock/gmock.h>

#include "common/error.h"
#include "imaging/metadata/exif_tags.h"

using imaging::ByteOrder;
using imaging::bytes_of;
using imaging::ByteSource;
using imaging::ExifOrigin;
using imaging::ExifTree;
using imaging::Field;
using imaging::TiffForm;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

namespace {

constexpr uint16_t kModelTag = 272, kExposure = 33434, kLatitude = 2, kInteropIndex = 1;

ExifTree tree_in(ByteOrder order) {
  ExifTree tree;
  tree.order = order;
  tree.image[kModelTag] = {kModelTag, imaging::kAscii, 9, std::string("Model M3\0", 9), 0};
  tree.image[274] = {274, imaging::kShort, 1, bytes_of(6, 2, order), 0};
  tree.exif[kExposure] = {kExposure, imaging::kRational, 1,
                          bytes_of(1, 4, order) + bytes_of(60, 4, order), 0};
  tree.gps[kLatitude] = {kLatitude, imaging::kRational, 3, std::string(24, '\1'), 0};
  tree.interop[kInteropIndex] = {kInteropIndex, imaging::kAscii, 4, std::string("R98\0", 4), 0};
  return tree;
}

ExifTree read(const std::string& bytes, imaging::ExifOrigin origin,
              std::vector<std::string>& notes) {
  return imaging::read_exif(ByteSource::in_memory(bytes), origin, notes);
}

void expect_same(const ExifTree& a, const ExifTree& b) {
  EXPECT_EQ(a.order, b.order);
  for (const auto member :
       {&ExifTree::image, &ExifTree::exif, &ExifTree::gps, &ExifTree::interop}) {
    ASSERT_EQ((a.*member).size(), (b.*member).size());
    for (const auto& [tag, field] : a.*member) {
      ASSERT_TRUE((b.*member).contains(tag)) << tag;
      EXPECT_EQ(field.bytes, (b.*member).at(tag).bytes) << tag;
      EXPECT_EQ(field.type, (b.*member).at(tag).type) << tag;
      EXPECT_EQ(field.count, (b.*member).at(tag).count) << tag;
    }
  }
}

/// A whole TIFF file of a form, without pixels.
std::string tiff_file(const ExifTree& tree, const TiffForm& form) {
  imaging::TiffLayout layout(form, 0);
  layout.reserve(form.header_bytes());
  const imaging::RawDirectory image{lay_out(tree, layout), 0};
  const uint64_t at = layout.reserve(form.directory_bytes(image.entries.size()));
  layout.put_directory(at, image);
  layout.put(0, form.order == ByteOrder::big ? "MM" : "II");
  layout.put(2, bytes_of(form.big ? 43 : 42, 2, form.order));
  if (form.big) layout.put(4, bytes_of(8, 2, form.order));
  layout.put(form.big ? 8 : 4, bytes_of(at, form.offset_bytes(), form.order));
  return layout.bytes();
}

TEST(ExifTree, IsReadFromEveryFormOfTiff) {
  for (const ByteOrder order : {ByteOrder::little, ByteOrder::big}) {
    for (const bool big : {false, true}) {
      std::vector<std::string> notes;
      const std::string file = tiff_file(tree_in(order), {order, big});
      expect_same(tree_in(order), read(file, ExifOrigin::tiff_file, notes));
      EXPECT_THAT(notes, IsEmpty());
    }
  }
}

TEST(ExifTree, BecomesABlockThatIsReadTheSame) {
  for (const ByteOrder order : {ByteOrder::little, ByteOrder::big}) {
    std::vector<std::string> notes;
    const std::string block = exif_block(tree_in(order), 1000, notes);
    expect_same(tree_in(order), read(block, ExifOrigin::block, notes));
    EXPECT_THAT(notes, IsEmpty());
  }
}

TEST(ExifTree, TurnsItsValuesRoundButNotItsTexts) {
  expect_same(tree_in(ByteOrder::big), in_order(tree_in(ByteOrder::little), ByteOrder::big));
}

TEST(ExifTree, LeavesTheLargestFieldsOutWhereThereIsNoPlace) {
  ExifTree tree = tree_in(ByteOrder::little);
  tree.image[700] = {700, imaging::kByte, 5000, std::string(5000, 'x'), 0};
  std::vector<std::string> notes;
  const std::string block = exif_block(tree, 1000, notes);
  EXPECT_LE(block.size(), 1000U);
  EXPECT_THAT(notes, ElementsAre(HasSubstr("1 of its EXIF fields")));
  expect_same(tree_in(ByteOrder::little), read(block, ExifOrigin::block, notes));
}

TEST(ExifTree, CarriesNothingThatSaysHowPixelsLie) {
  ExifTree tree = tree_in(ByteOrder::little);
  for (const uint16_t tag : std::initializer_list<uint16_t>{258, 273, 279, 330, 347, 34675}) {
    tree.image[tag] = {tag, imaging::kLong, 1, std::string(4, '\1'), 0};
  }
  std::vector<std::string> notes;
  const std::string file = tiff_file(tree, {ByteOrder::little, false});
  expect_same(tree_in(ByteOrder::little), read(file, ExifOrigin::tiff_file, notes));
}

TEST(ExifTree, LeavesBrokenFieldsOutAndKeepsTheOthers) {
  ExifTree tree = tree_in(ByteOrder::little);
  std::string file = tiff_file(tree, {ByteOrder::little, false});
  file.replace(file.find(bytes_of(kModelTag, 2, ByteOrder::little)) + 8, 4, 4, '\x7F');
  std::vector<std::string> notes;
  tree.image.erase(kModelTag);
  expect_same(tree, read(file, ExifOrigin::tiff_file, notes));
  EXPECT_THAT(notes, ElementsAre(HasSubstr("1 of its EXIF fields are broken")));
}

TEST(ExifTree, DoesNotFillTheMemoryWithTheSameBytesAgainAndAgain) {
  // 4,000 fields of the same 8 MiB.
  const uint32_t size = 8U << 20;
  std::string file = "II*" + std::string(1, '\0') + bytes_of(8, 4, ByteOrder::little) +
                     bytes_of(4000, 2, ByteOrder::little);
  for (uint32_t tag = 60000; tag < 64000; ++tag) {
    file += bytes_of(tag, 2, ByteOrder::little) + bytes_of(7, 2, ByteOrder::little) +
            bytes_of(size, 4, ByteOrder::little) + bytes_of(8, 4, ByteOrder::little);
  }
  file.resize(size + 100);
  std::vector<std::string> notes;
  EXPECT_THAT(read(file, ExifOrigin::tiff_file, notes).image, SizeIs(8));
  EXPECT_THAT(notes, ElementsAre(HasSubstr("3992 of its EXIF fields")));
}

TEST(ExifTree, RefusesWhatIsNoTiffStructure) {
  std::vector<std::string> notes;
  for (const std::string bytes : {"", "II", "II*\xFF", "Exif", "MM\x2A"}) {
    EXPECT_THROW(read(bytes, ExifOrigin::block, notes), common::Error);
  }
}

}  // namespace
