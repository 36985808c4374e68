#include "webui/previews.h"

#include <fcntl.h>

#include "common/error.h"
#include "common/files.h"
#include "imaging/image_file.h"
#include "imaging/vips.h"

namespace webui {
namespace {

namespace vips = imaging::vips;

constexpr int kPreviewSide = 2400, kThumbSide = 240;
constexpr int kJpegQuality = 85;
constexpr uint8_t kDamageColour[] = {255, 46, 110};  // in no old photograph, gray or toned

[[noreturn]] void refuse_picture(const std::filesystem::path& path, const std::string& message) {
  throw common::Error(common::ErrorKind::corrupt, path.string() + " " + message);
}

/// What an operation of libvips gave.
template <class Operation>
vips::Image result(const std::filesystem::path& path, Operation&& operation) {
  VipsImage* out = nullptr;
  if (operation(&out) != 0) refuse_picture(path, "cannot be decoded: " + vips::last_error());
  return vips::Image(out);
}

common::FileDescriptor open_file(const std::filesystem::path& path) {
  vips::start();
  common::FileDescriptor file = common::open_file(path, O_RDONLY | O_NONBLOCK);
  if (!std::filesystem::is_regular_file(path)) refuse_picture(path, "is not a file");
  return file;
}

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
  return result(path, [&](VipsImage** out) {
    return vips_colourspace(picture.get(), out, VIPS_INTERPRETATION_sRGB, nullptr);
  });
}

vips::Image without_alpha(const std::filesystem::path& path, vips::Image picture) {
  if (!vips_image_hasalpha(picture.get())) return picture;
  const double white_value[] = {255};
  VipsArrayDouble* white = vips_array_double_new(white_value, 1);
  VipsImage* out = nullptr;
  const int failed = vips_flatten(picture.get(), &out, "background", white, nullptr);
  vips_area_unref(VIPS_AREA(white));
  if (failed != 0) refuse_picture(path, "cannot be decoded: " + vips::last_error());
  return vips::Image(out);
}

template <class Save>
std::string saved(const std::string& what, Save&& save) {
  void* bytes = nullptr;
  size_t num_bytes = 0;
  if (save(&bytes, &num_bytes) != 0) {
    throw common::Error(common::ErrorKind::corrupt, what + ": " + vips::last_error());
  }
  const vips::Memory<char> owned(static_cast<char*>(bytes));
  return {owned.get(), num_bytes};
}

}  // namespace

PictureSize size_of(const std::filesystem::path& path) {
  const imaging::PixelFormat form = imaging::ImageFile(path).form();
  return {form.width, form.height};
}

std::string jpeg_preview(const std::filesystem::path& path, int max_side) {
  size_of(path);                                        // refuses what would unfold to too much
  const common::FileDescriptor file = open_file(path);  // read from until the end
  vips::Image picture = result(path, [&](VipsImage** out) {
    return vips_thumbnail(vips::name_of(file).c_str(), out, max_side, "height", max_side, "size",
                          VIPS_SIZE_DOWN, "fail_on", VIPS_FAIL_ON_TRUNCATED, nullptr);
  });
  picture = to_srgb(path, std::move(picture));
  picture = without_alpha(path, std::move(picture));
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
  const auto picture = result("the damage", [&](VipsImage** out) {
    return vips_copy(memory.get(), out, "interpretation", VIPS_INTERPRETATION_sRGB, nullptr);
  });
  return saved("the damage cannot be shown", [&](void** bytes, size_t* num_bytes) {
    return vips_pngsave_buffer(picture.get(), bytes, num_bytes, "strip", TRUE, nullptr);
  });
}

void write_mask(std::string_view png, PictureSize painted, PictureSize size,
                const std::filesystem::path& mask) {
  vips::start();
  const std::filesystem::path name = "the painted damage";
  if (png.substr(0, 8) != "\x89PNG\r\n\x1a\n") refuse_picture(name, "is not a PNG picture");
  vips::Image picture(vips_image_new_from_buffer(png.data(), png.size(), "", "fail_on",
                                                 VIPS_FAIL_ON_TRUNCATED, nullptr));
  if (!picture) refuse_picture(name, "cannot be decoded: " + vips::last_error());
  if (vips_image_get_width(picture.get()) != painted.width ||
      vips_image_get_height(picture.get()) != painted.height) {
    refuse_picture(name, "is not of the preview's size");
  }
  const auto apply = [&](auto&& operation) { picture = result(name, operation); };
  apply([&](VipsImage** out) {
    return vips_colourspace(picture.get(), out, VIPS_INTERPRETATION_B_W, nullptr);
  });
  apply([&](VipsImage** out) { return vips_extract_band(picture.get(), out, 0, nullptr); });
  const auto scale = [](int64_t to, int64_t from) {
    return static_cast<double>(to) / static_cast<double>(from);
  };
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
