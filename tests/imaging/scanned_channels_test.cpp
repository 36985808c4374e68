// Channels beside the colours in files of scanners, infrared among them.
#include <gmock/gmock.h>

#include "imaging/image_file.h"
#include "imaging/infrared_dust.h"
#include "imaging/photo_reader.h"
#include "tests/common/expect_error.h"
#include "tests/imaging/sample_picture.h"
#include "tests/imaging/scanned_file.h"
#include "tests/imaging/tiff_file.h"

namespace imaging {
namespace {

using common::ErrorKind;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using tests::flat_page;
using tests::TiffPage;
using tests::write_tiff;

TEST_F(ScannedFile, OnlyWhatIsMarkedAsAlphaIsAlpha) {
  for (const auto& [kind, is_alpha] :
       {std::pair{EXTRASAMPLE_UNSPECIFIED, false}, std::pair{EXTRASAMPLE_ASSOCALPHA, true},
        std::pair{EXTRASAMPLE_UNASSALPHA, true}}) {
    TiffPage page = flat_page(20, 16, 4, 90);
    page.extra_samples = {static_cast<uint16_t>(kind)};
    write_tiff(path_, {page});
    const PixelFormat form = ImageFile(path_).form();
    EXPECT_EQ(form.has_alpha, is_alpha) << kind;
    EXPECT_EQ(form.extras, is_alpha ? 0 : 1) << kind;
  }
  EXPECT_TRUE(read_samples(path_).form.has_alpha);
}

TEST_F(ScannedFile, AChannelThatSaysNothingIsNeitherMissedNorLaidOnWhite) {
  TiffPage page = flat_page(20, 16, 4, 90);
  page.extra_samples = {EXTRASAMPLE_UNSPECIFIED};
  for (size_t i = 3; i < page.rows.size(); i += 4) page.rows[i] = 12;
  write_tiff(path_, {page});
  EXPECT_THAT(read_photo(path_, 0).rgb, Each(90));
  EXPECT_THAT(read_photo(path_, 8).rgb, Each(90));
  EXPECT_EQ(read_samples(path_).values[3], 12);
}

TEST_F(ScannedFile, ChannelsThatSayNothingComeOutAsTheyWentIn) {
  for (const bool has_alpha : {false, true}) {
    const PixelFormat form{17, 9, 16, 3, has_alpha, 2};
    const Samples samples = random_samples(form, 65535);
    ImageWriter writer(path_, form, nullptr, {.format = Format::tiff});
    RowBuffer row;
    std::vector<uint16_t> packed(static_cast<size_t>(form.width * form.channels()));
    for (int64_t y = 0; y < form.height; ++y) {
      unpack_row(samples.values.data() + y * form.width * form.channels(), form, row);
      pack_row(row, form, packed.data());
      writer.write_row(packed.data());
    }
    writer.finish();
    const Samples read = read_samples(path_);
    EXPECT_EQ(read.values, samples.values);
    EXPECT_EQ(read.form.has_alpha, has_alpha);
    EXPECT_EQ(read.form.extras, 2);
  }
}

TEST_F(ScannedFile, AnAlphaBehindOtherChannelsIsFound) {
  TiffPage page = flat_page(20, 16, 3, 50);
  page.photometric = PHOTOMETRIC_MINISBLACK;
  page.extra_samples = {EXTRASAMPLE_UNSPECIFIED, EXTRASAMPLE_UNASSALPHA};
  for (size_t i = 0; i < page.rows.size(); ++i) page.rows[i] = static_cast<uint8_t>(i % 3);
  write_tiff(path_, {page});
  const Samples read = read_samples(path_);
  EXPECT_EQ(read.form.colours, 1);
  EXPECT_THAT(std::vector<uint16_t>(read.values.begin(), read.values.begin() + 3),
              ElementsAre(0, 2, 1));
}

TEST_F(ScannedFile, ChannelsBesideConvertedColoursAreMissed) {
  TiffPage page = flat_page(20, 16, 5, 90);
  page.photometric = PHOTOMETRIC_SEPARATED, page.extra_samples = {EXTRASAMPLE_UNSPECIFIED};
  write_tiff(path_, {page});
  EXPECT_THAT(ImageFile(path_).notes(),
              testing::Contains(HasSubstr("channels beside the colours are not in the result")));
}

// Infrared

/// A frame of film: infrared bright but for a scratch and a dust grain, and for noise.
constexpr uint32_t kFilmWidth = 160, kFilmHeight = 120;

bool is_dirty(uint32_t x, uint32_t y) { return x == 70 || (x - 20 < 4 && y - 30 < 4); }

uint8_t infrared_at(uint32_t x, uint32_t y) {
  const auto noise = static_cast<int>((x * 7919 + y * 104729) % 9) - 4;
  const int passing = 200 - static_cast<int>(x / 4);  // an uneven lamp
  return static_cast<uint8_t>((is_dirty(x, y) ? passing / 2 : passing) + noise);
}

void expect_dust_where_it_is(const InfraredDust& dust) {
  int64_t missed = 0, wrong = 0, dirty = 0;
  for (uint32_t y = 1; y + 1 < kFilmHeight; ++y) {
    for (uint32_t x = 1; x + 1 < kFilmWidth; ++x) {
      bool is_beside = false;
      for (uint32_t i = 0; i < 9; ++i) is_beside |= is_dirty(x - 1 + i % 3, y - 1 + i / 3);
      dirty += is_dirty(x, y);
      missed += is_dirty(x, y) && dust.row(y)[x] == 0;
      wrong += !is_beside && dust.row(y)[x] != 0;
    }
  }
  EXPECT_EQ(missed, 0) << "of " << dirty;
  EXPECT_EQ(wrong, 0);
}

TEST_F(ScannedFile, InfraredShowsDustAsAChannel) {
  TiffPage page = flat_page(kFilmWidth, kFilmHeight, 4, 90);
  page.extra_samples = {EXTRASAMPLE_UNSPECIFIED};
  for (uint32_t i = 0; i < kFilmWidth * kFilmHeight; ++i) {
    page.rows[4 * i + 3] = infrared_at(i % kFilmWidth, i / kFilmWidth);
  }
  write_tiff(path_, {page});
  expect_dust_where_it_is(find_infrared_dust(ImageFile(path_)));
}

TEST_F(ScannedFile, InfraredShowsDustAsAPage) {
  TiffPage colours = flat_page(kFilmWidth, kFilmHeight, 3, 90);
  TiffPage small = flat_page(20, 15, 3, 90), infrared = flat_page(kFilmWidth, kFilmHeight, 1, 0);
  small.subfile_type = FILETYPE_REDUCEDIMAGE;
  for (uint32_t i = 0; i < kFilmWidth * kFilmHeight; ++i) {
    infrared.rows[i] = infrared_at(i % kFilmWidth, i / kFilmWidth);
  }
  for (const auto& pages : {std::vector{colours, small, infrared}, {small, colours, infrared}}) {
    write_tiff(path_, pages);
    const ImageFile file(path_);
    EXPECT_EQ(file.form().width, kFilmWidth);
    EXPECT_THAT(file.notes(), testing::Contains(HasSubstr("infrared page is not in the result")));
    expect_dust_where_it_is(find_infrared_dust(file));
  }
}

TEST_F(ScannedFile, InfraredTurnsWithThePicture) {
  TiffPage page = flat_page(160, 120, 4, 200);
  page.extra_samples = {EXTRASAMPLE_UNSPECIFIED};
  page.orientation = 6;  // what is at the left at the bottom comes to the top
  page.rows[4 * (119 * 160) + 3] = 20;
  write_tiff(path_, {page});
  const InfraredDust dust = find_infrared_dust(ImageFile(path_));
  EXPECT_EQ(dust.width, 120);
  EXPECT_EQ(dust.row(0)[0], 1);
  EXPECT_EQ(dust.row(0)[119], 0);
}

TEST_F(ScannedFile, WithoutInfraredThatIsAUsageError) {
  write_tiff(path_, {flat_page(20, 15, 3, 9)});
  tests::expect_error(ErrorKind::usage, "has no infrared channel",
                      [this] { find_infrared_dust(ImageFile(path_)); });
}

}  // namespace
}  // namespace imaging
