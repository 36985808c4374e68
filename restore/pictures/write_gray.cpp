#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "common/error.h"
#include "common/files.h"
#include "dataset/photos/vips.h"
#include "restore/pictures/picture_file.h"

namespace restore {
namespace {

namespace vips = dataset::vips;

constexpr int kJpegQuality = 95;

template <class Sample>
std::vector<Sample> rounded(const Plane& plane, double white) {
  std::vector<Sample> samples(plane.values.size());
  // In double and halves to even, as model::psnr rounds: a file has the figures of its plane.
  std::transform(plane.values.begin(), plane.values.end(), samples.begin(), [white](float value) {
    return static_cast<Sample>(std::nearbyint(double{std::clamp(value, 0.0F, 1.0F)} * white));
  });
  return samples;
}

int save(VipsImage* picture, const char* path, Format format) {
  switch (format) {
    case Format::png: return vips_pngsave(picture, path, nullptr);
    case Format::tiff:
      return vips_tiffsave(picture, path, "compression", VIPS_FOREIGN_TIFF_COMPRESSION_DEFLATE,
                           "predictor", VIPS_FOREIGN_TIFF_PREDICTOR_HORIZONTAL, "bigtiff",
                           vips_image_get_width(picture) > UINT16_MAX, nullptr);
    case Format::jpeg: return vips_jpegsave(picture, path, "Q", kJpegQuality, nullptr);
    case Format::webp: return vips_webpsave(picture, path, "lossless", TRUE, nullptr);
  }
  return -1;
}

template <class Sample>
int save_samples(const std::filesystem::path& path, const Plane& plane, const WriteOptions& options,
                 double white) {
  const std::vector<Sample> samples = rounded<Sample>(plane, white);
  const bool deep = sizeof(Sample) == 2;
  const vips::Image memory(vips_image_new_from_memory(
      samples.data(), samples.size() * sizeof(Sample), static_cast<int>(plane.width),
      static_cast<int>(plane.height), 1, deep ? VIPS_FORMAT_USHORT : VIPS_FORMAT_UCHAR));
  if (!memory) return -1;
  VipsImage* described = nullptr;
  if (vips_copy(memory.get(), &described, "interpretation",
                deep ? VIPS_INTERPRETATION_GREY16 : VIPS_INTERPRETATION_B_W, "xres",
                options.pixels_per_mm_x, "yres", options.pixels_per_mm_y, nullptr) != 0) {
    return -1;
  }
  const vips::Image picture(described);
  return save(picture.get(), path.c_str(), options.format);
}

/// A file that is deleted unless it is renamed.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::filesystem::path& final_path)
      : final_(final_path),
        path_(final_path.parent_path() /
              ("." + final_path.filename().string() + "." + std::to_string(getpid()) + ".tmp")) {}
  ~TemporaryFile() {
    if (!path_.empty()) unlink(path_.c_str());
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  const std::filesystem::path& path() const { return path_; }

  void keep() {
    common::sync_path(path_);
    if (rename(path_.c_str(), final_.c_str()) != 0) {
      throw common::io_error("cannot write", final_.string());
    }
    path_.clear();
    common::sync_path(final_.has_parent_path() ? final_.parent_path() : ".");
  }

 private:
  std::filesystem::path final_, path_;
};

}  // namespace

void write_gray(const std::filesystem::path& path, const Plane& plane,
                const WriteOptions& options) {
  vips::start();
  TemporaryFile file(path);
  const bool deep = options.bits == 16 && options.format != Format::jpeg;
  const int failed = deep ? save_samples<uint16_t>(file.path(), plane, options, 65535)
                          : save_samples<uint8_t>(file.path(), plane, options, 255);
  if (failed != 0) {
    throw common::Error(common::ErrorKind::io, "cannot write " + path.string() + ": " +
                                                   vips::last_error() +
                                                   "; is the disk full, or the folder read-only?");
  }
  file.keep();
}

}  // namespace restore
