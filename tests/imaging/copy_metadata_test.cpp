#include "imaging/copy_metadata.h"

#include <gmock/gmock.h>

#include <fstream>
#include <thread>

#include "common/error.h"
#include "common/files.h"
#include "common/random.h"
#include "imaging/metadata/metadata.h"
#include "imaging/image_file.h"
#include "tests/imaging/sample_picture.h"
#include "tests/common/temporary_folder.h"

namespace fs = std::filesystem;
using imaging::ByteOrder;
using imaging::Format;
using imaging::Metadata;
using imaging::Notes;
using tests::TemporaryFolder;
using testing::IsEmpty;

namespace {

constexpr Format kFormats[] = {Format::jpeg, Format::png, Format::tiff, Format::webp};
constexpr uint16_t kModel = 272, kOrientation = 274, kPixelWidth = 40962;

Metadata sample_metadata() {
  constexpr ByteOrder order = ByteOrder::big;
  Metadata metadata;
  metadata.exif.order = order;
  metadata.exif.image[kModel] = {kModel, imaging::kAscii, 9, std::string("Model M3\0", 9), 0};
  metadata.exif.image[kOrientation] = {kOrientation, imaging::kShort, 1, bytes_of(6, 2, order), 0};
  metadata.exif.exif[kPixelWidth] = {kPixelWidth, imaging::kShort, 1, bytes_of(9, 2, order), 0};
  metadata.exif.gps[2] = {2, imaging::kRational, 3, std::string(24, '\1'), 0};
  metadata.xmp =
      "<x:xmpmeta><rdf:RDF><rdf:Description tiff:Orientation=\"6\"/></rdf:RDF></x:xmpmeta>";
  metadata.iptc = std::string("\x1C\x02\x78\0\4mill", 9) + std::string(3, '\0');
  return metadata;
}

Metadata read(const fs::path& path, Format format, Notes& notes) {
  const imaging::ByteSource file(path);
  switch (format) {
    case Format::jpeg: return read_jpeg_metadata(file, notes);
    case Format::png: return read_png_metadata(file, notes);
    case Format::tiff: return read_tiff_metadata(file, notes);
    case Format::webp: return read_webp_metadata(file, notes);
  }
  return {};
}

void write(const fs::path& path, Format format, const Metadata& metadata, Notes& notes) {
  switch (format) {
    case Format::jpeg: return write_jpeg_metadata(path, metadata, notes);
    case Format::png: return write_png_metadata(path, metadata, notes);
    case Format::tiff: return write_tiff_metadata(path, metadata, notes);
    case Format::webp: return write_webp_metadata(path, metadata, notes, {24, 16, 1, 1});
  }
}

/// A picture as libvips writes it.
fs::path bare(const fs::path& path, Format format, int bits = 8) {
  write_sample(path, imaging::sample_plane(16, 24), {format, bits, 12, 12});
  return path;
}

fs::path with_metadata(const fs::path& path, Format format) {
  Notes notes;
  write(bare(path, format), format, sample_metadata(), notes);
  return path;
}

void expect_carried(const Metadata& metadata) {
  EXPECT_EQ(metadata.exif.image.at(kModel).bytes, std::string("Model M3\0", 9));
  EXPECT_EQ(number_of(metadata.exif.image.at(kOrientation).bytes, metadata.exif.order), 1U);
  EXPECT_EQ(number_of(metadata.exif.exif.at(kPixelWidth).bytes, metadata.exif.order), 24U);
  EXPECT_EQ(metadata.exif.gps.at(2).bytes, std::string(24, '\1'));
  EXPECT_THAT(metadata.xmp, testing::HasSubstr("tiff:Orientation=\"1\""));
  EXPECT_EQ(metadata.iptc, sample_metadata().iptc);
}

TEST(CarryMetadata, ReachesEveryFormatFromEveryFormatAndTouchesNeitherPixelsNorResolution) {
  const tests::TemporaryFolder folder;
  for (const Format source : kFormats) {
    const fs::path from = with_metadata(folder / "from", source);
    for (const Format format : kFormats) {
      for (const int bits : {8, 16}) {
        const fs::path to = bare(folder / "to", format, bits);
        const imaging::ReadSample before = imaging::read_sample(to);
        EXPECT_THAT(copy_metadata(from, to, format), IsEmpty());
        const imaging::ReadSample after = imaging::read_sample(to);
        EXPECT_EQ(before.luma.values, after.luma.values);
        // libvips does not read it from WebP.
        EXPECT_NEAR(after.pixels_per_mm_x, format == Format::webp ? 1 : 12, 0.05);
        EXPECT_EQ(before.form.bits, after.form.bits);
        Notes notes;
        const Metadata carried = read(to, format, notes);
        expect_carried(carried);
        imaging::ImageInfo facts;
        take_resolution(carried.exif, facts);
        EXPECT_NEAR(facts.pixels_per_mm_y, 12, 0.05);
        EXPECT_THAT(notes, IsEmpty());
      }
    }
  }
}

TEST(CarryMetadata, ReachesABigTiff) {
  const tests::TemporaryFolder folder;
  const fs::path from = with_metadata(folder / "from.jpg", Format::jpeg), to = folder / "to.tif";
  write_sample(to, imaging::sample_plane(1, 70'000), {Format::tiff, 8, 12, 12});
  const std::vector<float> before = imaging::read_sample(to).luma.values;
  EXPECT_THAT(copy_metadata(from, to, Format::tiff), IsEmpty());
  EXPECT_EQ(imaging::read_sample(to).luma.values, before);
  Notes notes;
  const Metadata metadata = read(to, Format::tiff, notes);
  EXPECT_EQ(metadata.exif.image.at(kModel).bytes, std::string("Model M3\0", 9));
  EXPECT_EQ(number_of(metadata.exif.exif.at(kPixelWidth).bytes, ByteOrder::little), 70'000U);
}

TEST(CarryMetadata, LeavesOneCopyWhereThereWereSome) {
  const tests::TemporaryFolder folder;
  for (const Format format : kFormats) {
    const fs::path from = with_metadata(folder / "from", format);
    const fs::path to = with_metadata(folder / "to", format);
    copy_metadata(from, to, format);
    if (format == Format::tiff) continue;  // the old bytes stay behind, unused
    const std::string bytes = common::read_file(to);
    EXPECT_EQ(bytes.find("x:xmpmeta>"), bytes.rfind("<x:xmpmeta>") + 1) << to_string(format);
    EXPECT_EQ(bytes.find("Model M3"), bytes.rfind("Model M3")) << to_string(format);
  }
}

TEST(CarryMetadata, LeavesThePictureAloneWhereThereAreNone) {
  const tests::TemporaryFolder folder;
  for (const Format format : kFormats) {
    const fs::path from = bare(folder / "from", Format::png), to = bare(folder / "to", format);
    const std::string before = common::read_file(to);
    EXPECT_THAT(copy_metadata(from, to, format), IsEmpty());
    EXPECT_EQ(common::read_file(to), before) << to_string(format);
  }
}

TEST(CarryMetadata, WorksInSeveralThreadsAtATime) {
  const tests::TemporaryFolder folder;
  const fs::path from = with_metadata(folder / "from", Format::jpeg);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    const fs::path to = bare(folder / std::to_string(i), kFormats[i]);
    threads.emplace_back([=] { copy_metadata(from, to, kFormats[i]); });
  }
  for (std::thread& thread : threads) thread.join();
  for (int i = 0; i < 4; ++i) {
    Notes notes;
    expect_carried(read(folder / std::to_string(i), kFormats[i], notes));
  }
}

TEST(CarryMetadata, SurvivesBrokenSources) {
  const tests::TemporaryFolder folder;
  common::KeyedRandom random(5);
  const auto below = [&](size_t end) {
    return std::min(end - 1, static_cast<size_t>(random.uniform() * static_cast<double>(end)));
  };
  for (const Format source : kFormats) {
    const std::string whole = common::read_file(with_metadata(folder / "whole", source));
    for (int i = 0; i < 100; ++i) {
      std::string broken = whole.substr(0, i % 4 == 0 ? below(whole.size()) : whole.size());
      for (size_t n = 0; n < 8 && !broken.empty(); ++n) {
        broken[below(broken.size())] = static_cast<char>(below(256));
      }
      std::ofstream(folder / "from", std::ios::binary) << broken;
      const Format format = kFormats[i % 4];
      const fs::path to = bare(folder / "to", format);
      EXPECT_NO_THROW(copy_metadata(folder / "from", to, format));
      EXPECT_EQ(imaging::read_sample(to).luma.width, 24);
    }
  }
}

}  // namespace
