#include "imaging/metadata/image_info.h"

#include <fcntl.h>

#include <cmath>

#include "common/error.h"
#include "imaging/vips.h"
#include "imaging/metadata/exif_tags.h"

namespace imaging {
namespace {

namespace tags = exif_tags;

/// Formats round a resolution differently: within this it is the same one.
constexpr double kSameResolution = 0.005;

bool same_resolution(double a, double b) { return std::abs(a - b) <= kSameResolution * b; }

Field number_field(uint16_t tag, uint16_t type, uint32_t number, ByteOrder order) {
  return {tag, type, 1, bytes_of(number, type == kShort ? 2 : 4, order), 0};
}

void replace_number(Directory& directory, uint16_t tag, uint32_t number, ByteOrder order) {
  if (!directory.contains(tag)) return;
  directory[tag] = number_field(tag, number > UINT16_MAX ? kLong : kShort, number, order);
}

double rational(const Field& field, ByteOrder order) {
  const std::string_view bytes = field.bytes;
  if (field.type != kRational || bytes.size() != 8) return 0;
  const auto below = static_cast<double>(number_of(bytes.substr(4), order));
  return below == 0 ? 0 : static_cast<double>(number_of(bytes.substr(0, 4), order)) / below;
}

void set_resolution(Directory& image, uint16_t tag, double pixels_per_mm, double unit_mm,
                    ByteOrder order) {
  const auto field = image.find(tag);
  const double resolution = pixels_per_mm * unit_mm;
  if (field != image.end() && same_resolution(rational(field->second, order), resolution)) return;
  constexpr uint32_t kParts = 1000;
  const auto parts = static_cast<uint32_t>(std::lround(std::min(resolution, 4e6) * kParts));
  image[tag] = {tag, kRational, 1, bytes_of(parts, 4, order) + bytes_of(kParts, 4, order), 0};
}

double unit_mm(const Directory& image, ByteOrder order) {
  constexpr uint64_t kCentimetre = 3;
  const auto unit = image.find(tags::kResolutionUnit);
  if (unit == image.end() || unit->second.bytes.size() > 8) return 25.4;
  return number_of(unit->second.bytes, order) == kCentimetre ? 10 : 25.4;
}

}  // namespace

ImageInfo facts_of(const std::filesystem::path& picture) {
  namespace vips = imaging::vips;
  vips::start();
  const common::FileDescriptor file = common::open_file(picture, O_RDONLY);
  const vips::Image image(vips_image_new_from_file(vips::name_of(file).c_str(), nullptr));
  if (!image) {
    throw common::Error(common::ErrorKind::io,
                        "cannot read " + picture.string() + ": " + vips::last_error());
  }
  return {static_cast<uint32_t>(vips_image_get_width(image.get())),
          static_cast<uint32_t>(vips_image_get_height(image.get())),
          vips_image_get_xres(image.get()), vips_image_get_yres(image.get())};
}

void take_resolution(const ExifTree& tree, ImageInfo& picture) {
  const auto x = tree.image.find(tags::kXResolution), y = tree.image.find(tags::kYResolution);
  if (x == tree.image.end() || y == tree.image.end()) return;
  const double unit = unit_mm(tree.image, tree.order);
  picture.pixels_per_mm_x = rational(x->second, tree.order) / unit;
  picture.pixels_per_mm_y = rational(y->second, tree.order) / unit;
}

void correct_exif(ExifTree& tree, const ImageInfo& picture) {
  const ByteOrder order = tree.order;
  replace_number(tree.image, tags::kOrientation, 1, order);
  replace_number(tree.image, tags::kWidth, picture.width, order);
  replace_number(tree.image, tags::kHeight, picture.height, order);
  replace_number(tree.exif, tags::kPixelWidth, picture.width, order);
  replace_number(tree.exif, tags::kPixelHeight, picture.height, order);
  replace_number(tree.interop, tags::kRelatedWidth, picture.width, order);
  replace_number(tree.interop, tags::kRelatedHeight, picture.height, order);
  if (!picture.has_resolution() || tree.empty()) return;
  // Also where the source does not say it: readers take 72 dpi of EXIF that is silent, whatever the
  // JPEG around it says.
  constexpr uint16_t kInch = 2;
  if (!tree.image.contains(tags::kResolutionUnit)) {
    tree.image[tags::kResolutionUnit] = number_field(tags::kResolutionUnit, kShort, kInch, order);
  }
  const double unit = unit_mm(tree.image, order);
  set_resolution(tree.image, tags::kXResolution, picture.pixels_per_mm_x, unit, order);
  set_resolution(tree.image, tags::kYResolution, picture.pixels_per_mm_y, unit, order);
}

std::string resolution_resource(const ImageInfo& picture, std::string resource) {
  constexpr double kOne = 65536;  // fixed point: 16 bits before and behind
  const auto put = [&](size_t at, double pixels_per_mm) {
    const double dpi = pixels_per_mm * 25.4;
    const auto written = number_of(std::string_view(resource).substr(at, 4), ByteOrder::big);
    if (same_resolution(static_cast<double>(written) / kOne, dpi) || dpi * kOne > UINT32_MAX) {
      return;
    }
    resource.replace(at, 4, bytes_of(static_cast<uint32_t>(dpi * kOne), 4, ByteOrder::big));
  };
  if (resource.size() < 16 || !picture.has_resolution()) return resource;
  put(0, picture.pixels_per_mm_x);
  put(8, picture.pixels_per_mm_y);
  return resource;
}

}  // namespace imaging
