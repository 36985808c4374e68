#include "imaging/metadata/copy_metadata.h"

#include <gmock/gmock.h>

#include <fstream>
#include <thread>

#include "common/error.h"
#include "common/random.h"
#include "tests/common/temporary_folder.h"
#include "tests/imaging/gray_profile.h"
#include "tests/imaging/sample_picture.h"

namespace fs = std::filesystem;
using imaging::copy_metadata;
using imaging::ExifTool;
using imaging::Format;
using imaging::ImageFile;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace {

constexpr Format kFormats[] = {Format::jpeg, Format::png, Format::tiff, Format::webp};

/// A picture as ImageWriter leaves it.
fs::path bare(const fs::path& path, Format format, int bits = 8) {
  write_sample(path, imaging::sample_plane(16, 24), {format, bits, 12, 12});
  return path;
}

class CopyMetadata : public testing::Test {
 protected:
  fs::path with_metadata(const std::string& name, Format format) {
    const fs::path path = bare(folder_ / name, format);
    // What libvips writes into WebP exiftool takes for broken.
    if (format == Format::webp)
      exiftool_.run({"-q", "-overwrite_original", "-EXIF=", path.string()});
    exiftool_.run({"-q", "-overwrite_original", "-IFD0:Model=Model M3", "-IFD0:Orientation#=6",
                   "-IFD0:XResolution=304.8", "-IFD0:YResolution=304.8",
                   "-IFD0:ResolutionUnit=inches", "-ExifIFD:ExifImageWidth=9",
                   "-GPS:GPSLatitude=48.5", "-XMP-tiff:Orientation#=6", "-XMP-dc:Title=The mill",
                   path.string()});
    return path;
  }

  std::vector<std::string> values(const fs::path& path, const std::vector<std::string>& fields) {
    std::vector<std::string> arguments = {"-s3", "-n", "-f"};
    for (const std::string& field : fields) arguments.push_back("-" + field);
    arguments.push_back(path.string());
    return exiftool_.run(arguments);
  }

  void expect_copied(const fs::path& path) {
    EXPECT_THAT(values(path, {"IFD0:Model", "IFD0:Orientation", "ExifIFD:ExifImageWidth",
                              "GPS:GPSLatitude", "XMP-tiff:Orientation", "XMP-dc:Title"}),
                ElementsAre("Model M3", "1", "24", "48.5", "1", "The mill"));
  }

  tests::TemporaryFolder folder_;
  ExifTool exiftool_;
};

std::string profile_of(const fs::path& path) {
  const auto picture = ImageFile(path).open_pixels();
  const void* bytes = nullptr;
  size_t size = 0;
  EXPECT_EQ(vips_image_get_blob(picture.get(), VIPS_META_ICC_NAME, &bytes, &size), 0);
  return {static_cast<const char*>(bytes), size};
}

TEST_F(CopyMetadata, ReachesEveryFormatFromEveryFormatAndTouchesNeitherPixelsNorResolution) {
  for (const Format source : kFormats) {
    const fs::path from = with_metadata("from", source);
    for (const Format format : kFormats) {
      const int bits = format == Format::png || format == Format::tiff ? 16 : 8;
      SCOPED_TRACE(std::string(to_string(source)) + " to " + to_string(format));
      const fs::path to = bare(folder_ / "to", format, bits);
      const imaging::ReadSample before = imaging::read_sample(to);
      EXPECT_THAT(copy_metadata(exiftool_, ImageFile(from), to), IsEmpty());
      const imaging::ReadSample after = imaging::read_sample(to);
      EXPECT_EQ(before.luma.values, after.luma.values);
      EXPECT_EQ(before.form.bits, after.form.bits);
      // libvips does not read it from WebP.
      EXPECT_NEAR(after.pixels_per_mm_x, format == Format::webp ? 1 : 12, 0.05);
      expect_copied(to);
      EXPECT_NEAR(std::stod(values(to, {"IFD0:YResolution"}).at(0)), 12 * 25.4, 1);
    }
  }
}

TEST_F(CopyMetadata, KeepsTheColourProfile) {
  const auto described = imaging::vips_picture({{1, 1}, {0}}, {VIPS_INTERPRETATION_B_W, 6});
  const std::string profile = imaging::gray_profile(1.8);
  vips_image_set_blob_copy(described.get(), VIPS_META_ICC_NAME, profile.data(), profile.size());
  const fs::path from = with_metadata("from", Format::jpeg);
  for (const Format format : {Format::jpeg, Format::png, Format::tiff}) {
    write_samples(folder_ / "to", {{2, 1}, {50, 51}}, format, described.get());
    copy_metadata(exiftool_, ImageFile(from), folder_ / "to");
    EXPECT_EQ(profile_of(folder_ / "to"), profile) << to_string(format);
  }
}

TEST_F(CopyMetadata, LeavesOneCopyWhereThereWereSome) {
  for (const Format format : kFormats) {
    const fs::path from = with_metadata("from", format), to = with_metadata("to", format);
    copy_metadata(exiftool_, ImageFile(from), to);
    if (format == Format::tiff) continue;  // unused bytes may stay behind
    const std::string bytes = common::read_file(to);
    EXPECT_EQ(bytes.find("x:xmpmeta>"), bytes.rfind("</x:xmpmeta>") + 2) << to_string(format);
    EXPECT_EQ(bytes.find("Model M3"), bytes.rfind("Model M3")) << to_string(format);
  }
}

TEST_F(CopyMetadata, LeavesThePictureAloneWhereThereAreNone) {
  for (const Format format : kFormats) {
    const fs::path from = bare(folder_ / "from", Format::png), to = bare(folder_ / "to", format);
    const auto before = imaging::read_samples(to);
    EXPECT_THAT(copy_metadata(exiftool_, ImageFile(from), to), IsEmpty());
    EXPECT_EQ(imaging::read_samples(to), before) << to_string(format);
  }
}

TEST_F(CopyMetadata, SaysThatABigTiffGetsNone) {
  const fs::path from = with_metadata("from.jpg", Format::jpeg), to = folder_ / "to.tif";
  const auto picture = imaging::vips_picture({{3, 1}, {5, 6, 7}}, {VIPS_INTERPRETATION_B_W});
  ASSERT_EQ(vips_tiffsave(picture.get(), to.c_str(), "bigtiff", TRUE, nullptr), 0);
  EXPECT_THAT(copy_metadata(exiftool_, ImageFile(from), to),
              ElementsAre(HasSubstr("BigTIFF"), HasSubstr("could not be copied")));
  EXPECT_EQ(imaging::read_samples(to).values, (std::vector<uint16_t>{5, 6, 7}));
}

TEST_F(CopyMetadata, WorksInSeveralThreadsAtATime) {
  const ImageFile from(with_metadata("from", Format::jpeg));
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    const fs::path to = bare(folder_ / std::to_string(i), kFormats[i]);
    threads.emplace_back([&, to] { copy_metadata(exiftool_, from, to); });
  }
  for (std::thread& thread : threads) thread.join();
  for (int i = 0; i < 4; ++i) expect_copied(folder_ / std::to_string(i));
}

TEST_F(CopyMetadata, SurvivesBrokenSources) {
  common::KeyedRandom random(5);
  const auto below = [&](size_t end) { return random.integer(static_cast<int64_t>(end)); };
  int num_copied = 0;
  for (const Format source : kFormats) {
    const std::string whole = common::read_file(with_metadata("whole", source));
    for (int i = 0; i < 6; ++i) {
      std::string broken = whole;
      for (int n = 0; n < 3; ++n) {
        broken[static_cast<size_t>(below(broken.size()))] = static_cast<char>(below(256));
      }
      std::ofstream(folder_ / "from", std::ios::binary) << broken;
      const fs::path to = bare(folder_ / "to", kFormats[i % 4]);
      try {
        const ImageFile from(folder_ / "from");
        copy_metadata(exiftool_, from, to);
        ++num_copied;
      } catch (const common::Error& error) {
        EXPECT_EQ(error.kind(), common::ErrorKind::corrupt);  // of a file that is no picture
      }
      EXPECT_EQ(imaging::read_sample(to).luma.width, 24);
    }
  }
  EXPECT_GT(num_copied, 4);
}

}  // namespace
