#include "imaging/to_srgb.h"

namespace imaging {
namespace {

namespace fs = std::filesystem;

constexpr int kIccLab = 9;  // photometric

bool is_icc_lab(const TiffPicture* tiff) {
  return tiff != nullptr && tiff->photometric == kIccLab && tiff->samples >= 3;
}

/// CIELab of 8 bit, of which libvips makes its own LABQ: L is 100 at 255, not at 255 3/4.
vips::Image lab_of_bytes(const fs::path& path, const vips::Image& picture) {
  const vips::Image bytes = vips::result(path, [&](VipsImage** out) {
    return vips_copy(picture.get(), out, "coding", VIPS_CODING_NONE, "interpretation",
                     VIPS_INTERPRETATION_MULTIBAND, nullptr);
  });
  const auto bands = [&](int first, int count) {
    return vips::result(path, [&](VipsImage** out) {
      return vips_extract_band(bytes.get(), out, first, "n", count, nullptr);
    });
  };
  const vips::Image unsigned_ab = bands(1, 2), unsigned_l = bands(0, 1);
  const vips::Image ab = vips::result(path, [&](VipsImage** out) {
    return vips_copy(unsigned_ab.get(), out, "format", VIPS_FORMAT_CHAR, nullptr);
  });
  const vips::Image l = vips::result(path, [&](VipsImage** out) {
    return vips_linear1(unsigned_l.get(), out, 100 / 255.0, 0, nullptr);
  });
  const vips::Image lab = vips::result(
      path, [&](VipsImage** out) { return vips_bandjoin2(l.get(), ab.get(), out, nullptr); });
  return vips::result(path, [&](VipsImage** out) {
    return vips_copy(lab.get(), out, "interpretation", VIPS_INTERPRETATION_LAB, nullptr);
  });
}

/// L from 0 to 100, a and b about 0, as float.
vips::Image lab_of(const fs::path& path, const vips::Image& picture, const TiffPicture* tiff) {
  if (picture->Coding == VIPS_CODING_LABQ) return lab_of_bytes(path, picture);
  const vips::Image three = vips::result(path, [&](VipsImage** out) {
    return vips_extract_band(picture.get(), out, 0, "n", 3, nullptr);
  });
  if (!is_icc_lab(tiff)) {
    return vips::result(path,
                        [&](VipsImage** out) { return vips_LabS2Lab(three.get(), out, nullptr); });
  }
  // Adobe's TIFF technical note 'ICC L*a*b*': 16 bit are 8 bit with 8 more behind the point.
  const bool is_wide = vips_image_get_format(three.get()) == VIPS_FORMAT_USHORT;
  const double unit = is_wide ? 1 / 256.0 : 1;
  double scale[] = {unit * 100 / 255, unit, unit};
  double offset[] = {0, -128, -128};
  const vips::Image values = vips::result(path, [&](VipsImage** out) {
    return vips_linear(three.get(), out, scale, offset, 3, nullptr);
  });
  return vips::result(path, [&](VipsImage** out) {
    return vips_copy(values.get(), out, "interpretation", VIPS_INTERPRETATION_LAB, nullptr);
  });
}

}  // namespace

bool is_gray_or_rgb(VipsImage* picture) {
  switch (vips_image_get_interpretation(picture)) {
    case VIPS_INTERPRETATION_B_W:
    case VIPS_INTERPRETATION_GREY16:
    case VIPS_INTERPRETATION_sRGB:
    case VIPS_INTERPRETATION_RGB:
    case VIPS_INTERPRETATION_RGB16:
    case VIPS_INTERPRETATION_MULTIBAND: return true;
    default: return false;
  }
}

bool is_lab(VipsImage* picture, const TiffPicture* tiff) {
  const VipsInterpretation colours = vips_image_get_interpretation(picture);
  return is_icc_lab(tiff) || colours == VIPS_INTERPRETATION_LABQ ||
         colours == VIPS_INTERPRETATION_LABS || picture->Coding == VIPS_CODING_LABQ;
}

vips::Image to_srgb(const fs::path& path, const vips::Image& picture, int bits,
                    const TiffPicture* tiff) {
  if (is_lab(picture.get(), tiff)) {
    const vips::Image lab = lab_of(path, picture, tiff);
    vips_image_remove(lab.get(), VIPS_META_ICC_NAME);
    return vips::result(path, [&](VipsImage** out) {
      return vips_icc_export(lab.get(), out, "output_profile", "srgb", "pcs", VIPS_PCS_LAB, "depth",
                             bits, nullptr);
    });
  }
  if (vips_image_get_interpretation(picture.get()) == VIPS_INTERPRETATION_CMYK) {
    return vips::result(path, [&](VipsImage** out) {
      return vips_icc_transform(picture.get(), out, "srgb", "embedded", TRUE, "input_profile",
                                "cmyk", "depth", bits, nullptr);
    });
  }
  const vips::Image rgb = vips::result(path, [&](VipsImage** out) {
    return vips_colourspace(picture.get(), out,
                            bits == 16 ? VIPS_INTERPRETATION_RGB16 : VIPS_INTERPRETATION_sRGB,
                            nullptr);
  });
  return vips::result(path, [&](VipsImage** out) {
    return vips_cast(rgb.get(), out, bits == 16 ? VIPS_FORMAT_USHORT : VIPS_FORMAT_UCHAR, nullptr);
  });
}

std::string colours_text(VipsImage* picture, const TiffPicture* tiff) {
  if (is_icc_lab(tiff)) return "ICCLab";
  if (is_lab(picture, tiff)) return "CIELab";
  return vips_enum_nick(VIPS_TYPE_INTERPRETATION, vips_image_get_interpretation(picture));
}

}  // namespace imaging
