#include "imaging/odd_depth_tiff.h"

#include <tiffio.h>

#include <algorithm>
#include <vector>

#include "common/error.h"

namespace imaging {
namespace {

namespace fs = std::filesystem;

using OpenTiff = std::unique_ptr<TIFF, decltype(&TIFFClose)>;

OpenTiff open_tiff(const fs::path& path, const common::FileDescriptor& file,
                   const TiffPicture& picture) {
  OpenTiff tiff(TIFFOpen(vips::name_of(file).c_str(), "rm"), &TIFFClose);
  if (!tiff || TIFFSetDirectory(tiff.get(), static_cast<tdir_t>(picture.page)) == 0) {
    vips::refuse(path);
  }
  return tiff;
}

/// Decodes rows as libvips asks for them, from the first to the last.
struct OddDepthRows {
  OpenTiff tiff;
  TiffPicture picture;
  std::vector<uint8_t> packed;
  std::vector<uint16_t> samples;

  /// Samples of `picture.bits` that follow each other, the highest bit first, as 16 bit.
  void stretch() {
    const int bits = picture.bits;
    const uint32_t white = (1U << bits) - 1;
    const bool is_white_zero = picture.photometric == PHOTOMETRIC_MINISWHITE;
    uint32_t waiting = 0;
    int num_waiting = 0;
    size_t next = 0;
    for (uint16_t& sample : samples) {
      for (; num_waiting < bits; num_waiting += 8) waiting = (waiting << 8) | packed[next++];
      num_waiting -= bits;
      uint32_t value = (waiting >> num_waiting) & white;
      if (is_white_zero) value = white - value;
      sample = static_cast<uint16_t>((value * 65535 + white / 2) / white);
    }
  }

  static int generate(VipsRegion* out, void* /*sequence*/, void* /*unused*/, void* rows,
                      gboolean* /*stop*/) {
    auto& self = *static_cast<OddDepthRows*>(rows);
    const VipsRect& wanted = out->valid;
    const auto channels = static_cast<size_t>(self.picture.samples);
    for (int y = wanted.top; y < wanted.top + wanted.height; ++y) {
      if (TIFFReadScanline(self.tiff.get(), self.packed.data(), static_cast<uint32_t>(y), 0) < 0) {
        return -1;
      }
      self.stretch();
      std::copy_n(self.samples.data() + static_cast<size_t>(wanted.left) * channels,
                  static_cast<size_t>(wanted.width) * channels,
                  reinterpret_cast<uint16_t*>(VIPS_REGION_ADDR(out, wanted.left, y)));
    }
    return 0;
  }
};

void describe(TIFF* tiff, VipsImage* image) {
  uint32_t num_bytes = 0;
  void* profile = nullptr;
  if (TIFFGetField(tiff, TIFFTAG_ICCPROFILE, &num_bytes, &profile) != 0 && profile != nullptr) {
    vips_image_set_blob_copy(image, VIPS_META_ICC_NAME, profile, num_bytes);
  }
  uint16_t orientation = 1;
  if (TIFFGetField(tiff, TIFFTAG_ORIENTATION, &orientation) != 0 && orientation <= 8) {
    vips_image_set_int(image, VIPS_META_ORIENTATION, orientation);
  }
  vips_image_set_string(image, VIPS_META_LOADER, "tiffload");
}

double pixels_per_mm(TIFF* tiff, uint32_t tag) {
  float resolution = 0;
  uint16_t unit = RESUNIT_INCH;
  TIFFGetFieldDefaulted(tiff, TIFFTAG_RESOLUTIONUNIT, &unit);
  if (TIFFGetField(tiff, tag, &resolution) == 0 || !(resolution > 0)) return 1;
  return double{resolution} / (unit == RESUNIT_CENTIMETER ? 10 : 25.4);
}

}  // namespace

bool has_odd_depth(const TiffPicture& picture) {
  return picture.bits > 8 && picture.bits < 16 && picture.sample_format == SAMPLEFORMAT_UINT;
}

vips::Image read_odd_depth(const fs::path& path, const common::FileDescriptor& file,
                           const TiffPicture& picture) {
  const bool is_rgb = picture.photometric == PHOTOMETRIC_RGB;
  const bool is_gray = picture.photometric == PHOTOMETRIC_MINISBLACK ||
                       picture.photometric == PHOTOMETRIC_MINISWHITE;
  const int colours = is_rgb ? 3 : 1;
  if ((!is_rgb && !is_gray) || picture.is_tiled || picture.is_planar || picture.subifd >= 0 ||
      picture.samples < colours || picture.samples > 8 || picture.width < 1 || picture.height < 1) {
    throw common::corrupt_error(path.string() + " has " + std::to_string(picture.bits) +
                                " bits a sample in a form that is not read: save it with 16 bit");
  }
  auto rows =
      std::make_unique<OddDepthRows>(OddDepthRows{open_tiff(path, file, picture), picture, {}, {}});
  TIFF* tiff = rows->tiff.get();
  const auto width = static_cast<int>(picture.width), height = static_cast<int>(picture.height);
  rows->samples.resize(static_cast<size_t>(width) * static_cast<size_t>(picture.samples));
  const size_t packed_bytes = (rows->samples.size() * static_cast<size_t>(picture.bits) + 7) / 8;
  rows->packed.resize(std::max(packed_bytes, static_cast<size_t>(TIFFScanlineSize64(tiff))));
  vips::Image image(vips_image_new());
  vips_image_init_fields(
      image.get(), width, height, picture.samples, VIPS_FORMAT_USHORT, VIPS_CODING_NONE,
      is_rgb ? VIPS_INTERPRETATION_RGB16 : VIPS_INTERPRETATION_GREY16,
      pixels_per_mm(tiff, TIFFTAG_XRESOLUTION), pixels_per_mm(tiff, TIFFTAG_YRESOLUTION));
  describe(tiff, image.get());
  OddDepthRows* held = rows.release();
  g_object_set_data_full(G_OBJECT(image.get()), "rows", held,
                         [](void* data) { delete static_cast<OddDepthRows*>(data); });
  if (vips_image_pipelinev(image.get(), VIPS_DEMAND_STYLE_THINSTRIP, nullptr) != 0 ||
      vips_image_generate(image.get(), nullptr, &OddDepthRows::generate, nullptr, nullptr, held) !=
          0) {
    vips::refuse(path);
  }
  return image;
}

}  // namespace imaging
