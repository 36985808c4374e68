#include "webui/previews.h"

#include "common/error.h"
#include "common/files.h"
#include "imaging/image_file.h"
#include "imaging/photo_reader.h"
#include "imaging/vips.h"

namespace webui {
namespace {

namespace vips = imaging::vips;

constexpr int kPreviewSide = 2400, kThumbSide = 240;
constexpr int kJpegQuality = 85;
constexpr uint8_t kDamageColour[] = {255, 46, 110};  // in no old photograph, gray or toned

/// With its profile, where it has one that can be used. Not by vips_thumbnail's export_profile,
/// which tints gray pictures that have none.
vips::Image to_srgb(const std::filesystem::path& path, vips::Image picture) {
  if (vips_image_get_typeof(picture.get(), VIPS_META_ICC_NAME) != 0) {
    VipsImage* out = nullptr;
    if (vips_icc_transform(picture.get(), &out, "srgb", "embedded", TRUE, "depth", 8, nullptr) ==
        0) {
      return vips::Image(out);
    }
    vips_error_clear();
  }
  return vips::result(path, [&](VipsImage** out) {
    return vips_colourspace(picture.get(), out, VIPS_INTERPRETATION_sRGB, nullptr);
  });
}

template <class Save>
std::string saved(const std::string& what, Save&& save) {
  void* bytes = nullptr;
  size_t num_bytes = 0;
  if (save(&bytes, &num_bytes) != 0) {
    throw common::corrupt_error(what + ": " + vips::last_error());
  }
  const vips::Memory<char> owned(static_cast<char*>(bytes));
  return {owned.get(), num_bytes};
}

}  // namespace

std::string jpeg_preview(const std::filesystem::path& path, int max_side) {
  const imaging::ImageFile file(path);  // refuses what would unfold to too much
  vips::Image picture = file.thumbnail({max_side, max_side});
  picture = to_srgb(path, std::move(picture));
  picture = imaging::on_white(path, std::move(picture));
  return saved(path.string() + " cannot be shown", [&](void** bytes, size_t* num_bytes) {
    return vips_jpegsave_buffer(picture.get(), bytes, num_bytes, "Q", kJpegQuality, "strip", TRUE,
                                "optimize_coding", TRUE, nullptr);
  });
}

void write_previews(const std::filesystem::path& picture, const std::filesystem::path& preview,
                    const std::filesystem::path& thumb) {
  common::write_file_atomically(preview, jpeg_preview(picture, kPreviewSide));
  // From the preview: a photograph of 100 megapixels is decoded once.
  common::write_file_atomically(thumb, jpeg_preview(preview, kThumbSide));
}

std::string damage_overlay(const restore::GrayPreview& damage) {
  vips::start();
  std::string pixels;
  pixels.reserve(4 * damage.levels.size());
  for (const uint8_t level : damage.levels) {
    // One colour also where it cannot be seen: it costs nothing when compressed.
    for (const uint8_t channel : kDamageColour) pixels.push_back(static_cast<char>(channel));
    pixels.push_back(static_cast<char>(level));
  }
  const vips::Image memory(vips_image_new_from_memory(pixels.data(), pixels.size(), damage.width,
                                                      damage.height, 4, VIPS_FORMAT_UCHAR));
  const auto picture = vips::result("the damage", [&](VipsImage** out) {
    return vips_copy(memory.get(), out, "interpretation", VIPS_INTERPRETATION_sRGB, nullptr);
  });
  return saved("the damage cannot be shown", [&](void** bytes, size_t* num_bytes) {
    return vips_pngsave_buffer(picture.get(), bytes, num_bytes, "strip", TRUE, nullptr);
  });
}

std::string gray_png(const restore::GrayPreview& gray) {
  vips::start();
  const vips::Image memory(vips_image_new_from_memory(
      gray.levels.data(), gray.levels.size(), gray.width, gray.height, 1, VIPS_FORMAT_UCHAR));
  const auto picture = vips::result("the damage", [&](VipsImage** out) {
    return vips_copy(memory.get(), out, "interpretation", VIPS_INTERPRETATION_B_W, nullptr);
  });
  return saved("the damage cannot be shown", [&](void** bytes, size_t* num_bytes) {
    return vips_pngsave_buffer(picture.get(), bytes, num_bytes, "compression", 3, "strip", TRUE,
                               nullptr);
  });
}

void write_mask(std::string_view png, imaging::PhotoSize painted, imaging::PhotoSize size,
                const std::filesystem::path& mask) {
  vips::start();
  const std::string name = "the painted damage";
  if (png.substr(0, 8) != "\x89PNG\r\n\x1a\n")
    throw common::corrupt_error(name + " is not a PNG picture");
  vips::Image picture(vips_image_new_from_buffer(png.data(), png.size(), "", "fail_on",
                                                 VIPS_FAIL_ON_TRUNCATED, nullptr));
  if (!picture) vips::refuse(name);
  if (vips_image_get_width(picture.get()) != painted.width ||
      vips_image_get_height(picture.get()) != painted.height) {
    throw common::corrupt_error(name + " is not of the preview's size");
  }
  const auto apply = [&](auto&& operation) { picture = vips::result(name, operation); };
  apply([&](VipsImage** out) {
    return vips_colourspace(picture.get(), out, VIPS_INTERPRETATION_B_W, nullptr);
  });
  apply([&](VipsImage** out) { return vips_extract_band(picture.get(), out, 0, nullptr); });
  const auto scale = [](int to, int from) { return static_cast<double>(to) / from; };
  apply([&](VipsImage** out) {
    return vips_resize(picture.get(), out, scale(size.width, painted.width), "vscale",
                       scale(size.height, painted.height), "kernel", VIPS_KERNEL_LINEAR, nullptr);
  });
  apply([&](VipsImage** out) { return vips_moreeq_const1(picture.get(), out, 128, nullptr); });
  if (vips_pngsave(picture.get(), mask.c_str(), "compression", 3, nullptr) != 0) {
    throw common::Error(common::ErrorKind::io,
                        "cannot write " + mask.string() + ": " + vips::last_error());
  }
}

}  // namespace webui
