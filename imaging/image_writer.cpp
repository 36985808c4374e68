#include "imaging/image_writer.h"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <vector>

#include "common/error.h"
#include "imaging/row_buffer.h"
#include "imaging/tiff_directory.h"

namespace imaging {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMostWaiting = 64;  // rows

/// A TIFF whose pixels may not fit into 4 GB.
bool is_big_tiff(const PixelFormat& form, Format format) {
  constexpr int64_t kMostClassicBytes = 4'000'000'000;
  return format == Format::tiff && form.row_bytes() * form.height > kMostClassicBytes;
}

VipsInterpretation interpretation(const PixelFormat& form) {
  if (form.colours == 1) {
    return form.bits == 16 ? VIPS_INTERPRETATION_GREY16 : VIPS_INTERPRETATION_B_W;
  }
  return form.bits == 16 ? VIPS_INTERPRETATION_RGB16 : VIPS_INTERPRETATION_sRGB;
}

/// Photoshop's resources, if the file that `picture` was read from has the same place for them.
const char* resources_field(VipsImage* picture, Format format) {
  const char* loader = "";
  if (vips_image_get_typeof(picture, VIPS_META_LOADER) != 0) {
    vips_image_get_string(picture, VIPS_META_LOADER, &loader);
  }
  if (!std::string_view(loader).starts_with(to_string(format))) return "";
  return format == Format::jpeg   ? VIPS_META_IPTC_NAME
         : format == Format::tiff ? VIPS_META_PHOTOSHOP_NAME
                                  : "";
}

/// Only what describes the pixels: the rest is copied from file to file (copy_metadata.h). XMP
/// stays in a BigTIFF, which exiftool cannot write.
void leave_out_metadata(VipsImage* picture, Format format, bool is_big) {
  const std::string kept[] = {VIPS_META_ICC_NAME, VIPS_META_RESOLUTION_UNIT,
                              resources_field(picture, format), is_big ? VIPS_META_XMP_NAME : ""};
  const std::unique_ptr<char*, decltype(&g_strfreev)> names(vips_image_get_fields(picture),
                                                            &g_strfreev);
  for (char** name = names.get(); *name != nullptr; ++name) {
    if (std::find(std::begin(kept), std::end(kept), *name) == std::end(kept)) {
      vips_image_remove(picture, *name);  // refuses the header's own, which is right
    }
  }
}

int save_as(VipsImage* picture, const char* path, const PixelFormat& form,
            const ImageOptions& options) {
  switch (options.format) {
    case Format::png:  // of what is grainy, more effort makes it no smaller
      return vips_pngsave(picture, path, "compression", 1, "filter", VIPS_FOREIGN_PNG_FILTER_SUB,
                          nullptr);
    case Format::tiff:
      return vips_tiffsave(picture, path, "compression",
                           options.compressed ? VIPS_FOREIGN_TIFF_COMPRESSION_DEFLATE
                                              : VIPS_FOREIGN_TIFF_COMPRESSION_NONE,
                           "predictor", VIPS_FOREIGN_TIFF_PREDICTOR_HORIZONTAL, "bigtiff",
                           is_big_tiff(form, options.format), nullptr);
    case Format::jpeg: return vips_jpegsave(picture, path, "Q", options.quality, nullptr);
    case Format::webp:
      return vips_webpsave(picture, path, "Q", options.quality, "lossless", options.lossless,
                           nullptr);
  }
  return -1;
}

}  // namespace

void require_fitting(const fs::path& path, const PixelFormat& form, Format format) {
  const int64_t side = format == Format::jpeg   ? 65535
                       : format == Format::webp ? 16383
                                                : int64_t{1} << 31;
  if (form.width <= side && form.height <= side) return;
  throw common::usage_error(path.string() + ": " + to_string(format) + " holds at most " +
                            std::to_string(side) + " pixels a side, the picture is " +
                            std::to_string(form.width) + "x" + std::to_string(form.height) +
                            ": ask for --format tiff or png");
}

ImageWriter::ImageWriter(const fs::path& path, const PixelFormat& form, VipsImage* described,
                         const ImageOptions& options)
    : path_(path), form_(form), options_(options), file_(path) {
  vips::start();
  require_fitting(path, form, options.format);
  picture_ = make_picture(described);
  thread_ = std::thread([this] { save(); });
}

ImageWriter::~ImageWriter() { join(); }

vips::Image ImageWriter::make_picture(VipsImage* described) {
  vips::Image picture(vips_image_new());
  double x = 1, y = 1;
  bool failed = false;
  if (described != nullptr) {
    failed =
        vips_image_pipelinev(picture.get(), VIPS_DEMAND_STYLE_THINSTRIP, described, nullptr) != 0;
    leave_out_metadata(picture.get(), options_.format, is_big_tiff(form_, options_.format));
    x = vips_image_get_xres(described), y = vips_image_get_yres(described);
  }
  vips_image_init_fields(picture.get(), static_cast<int>(form_.width),
                         static_cast<int>(form_.height), form_.channels(),
                         form_.bits == 16 ? VIPS_FORMAT_USHORT : VIPS_FORMAT_UCHAR,
                         VIPS_CODING_NONE, interpretation(form_), x, y);
  failed = failed ||
           vips_image_pipelinev(picture.get(), VIPS_DEMAND_STYLE_THINSTRIP, nullptr) != 0 ||
           vips_image_generate(picture.get(), nullptr, &generate, nullptr, nullptr, this) != 0;
  if (failed) {
    throw common::Error(common::ErrorKind::io,
                        "cannot write " + path_.string() + ": " + vips::last_error());
  }
  return picture;
}

int ImageWriter::generate(VipsRegion* out, void* /*sequence*/, void* /*unused*/, void* self,
                          gboolean* /*stop*/) {
  return static_cast<ImageWriter*>(self)->take_rows(out) ? 0 : -1;
}

bool ImageWriter::take_rows(VipsRegion* out) {
  const VipsRect& wanted = out->valid;
  if (wanted.top != num_taken_ || wanted.left != 0 || wanted.width != form_.width) {
    vips_error("restore", "row %d was asked for, %d is next", wanted.top,
               static_cast<int>(num_taken_));
    return false;
  }
  for (; num_taken_ < wanted.top + wanted.height; ++num_taken_) {
    std::vector<uint8_t> row;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return !rows_.empty() || abandoned_; });
      if (rows_.empty()) return false;
      row = std::move(rows_.front());
      rows_.pop_front();
    }
    changed_.notify_all();
    std::memcpy(VIPS_REGION_ADDR(out, 0, static_cast<int>(num_taken_)), row.data(), row.size());
  }
  return true;
}

void ImageWriter::save() {
  const bool saved = save_as(picture_.get(), file_.temporary().c_str(), form_, options_) == 0;
  const std::string error = saved ? "" : vips::last_error();
  vips_thread_shutdown();
  if (saved) return;
  const std::lock_guard lock(mutex_);
  failure_ = "cannot write " + path_.string() + ": " + error +
             "; is the disk full, or the folder read-only?";
  changed_.notify_all();
}

void ImageWriter::write_row(const void* samples) {
  const auto* bytes = static_cast<const uint8_t*>(samples);
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return rows_.size() < kMostWaiting || failure_; });
  if (failure_) throw common::Error(common::ErrorKind::io, *failure_);
  rows_.emplace_back(bytes, bytes + form_.row_bytes());
  lock.unlock();
  changed_.notify_all();
}

void ImageWriter::join() {
  {
    const std::lock_guard lock(mutex_);
    abandoned_ = true;  // no more rows: the thread takes those that wait and then gives up
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void ImageWriter::finish(const std::function<void(const fs::path&)>& complete) {
  join();
  if (failure_) throw common::Error(common::ErrorKind::io, *failure_);
  // libvips takes the first channel after the colours for alpha, whatever it is.
  if (form_.extras > 0 && options_.format == Format::tiff) {
    mark_extra_samples(file_.temporary(), form_.has_alpha);
  }
  if (complete) complete(file_.temporary());
  file_.commit();
}

void write_rows(const Plane& plane, const PixelFormat& form, ImageWriter& writer) {
  std::vector<uint8_t> samples(static_cast<size_t>(form.row_bytes()));
  RowBuffer row;
  for (int64_t y = 0; y < plane.height; ++y) {
    row.red.assign(plane.row(y), plane.row(y) + plane.width);
    pack_row(row, form, samples.data());
    writer.write_row(samples.data());
  }
}

void write_gray(const fs::path& path, const Plane& plane) {
  const PixelFormat form{.width = plane.width, .height = plane.height};
  ImageWriter writer(path, form, nullptr, {});
  write_rows(plane, form, writer);
  writer.finish();
}

void write_photo(const fs::path& path, const Photo& photo) {
  const PixelFormat form{.width = photo.width, .height = photo.height, .colours = 3};
  ImageWriter writer(path, form, nullptr, {});
  std::vector<uint8_t> samples(static_cast<size_t>(form.row_bytes()));
  const size_t width = static_cast<size_t>(photo.width), plane = photo.rgb.size() / 3;
  for (size_t y = 0; y < static_cast<size_t>(photo.height); ++y) {
    for (size_t i = 0; i < samples.size(); ++i) {
      samples[i] = photo.rgb[i % 3 * plane + y * width + i / 3];
    }
    writer.write_row(samples.data());
  }
  writer.finish();
}

}  // namespace imaging
