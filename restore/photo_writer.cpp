#include "restore/photo_writer.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cmath>

#include "common/error.h"
#include "common/files.h"
#include "imaging/metadata/copy_metadata.h"
#include "restore/provenance.h"
#include "restore/source.h"

namespace restore {
namespace {

constexpr int64_t kPreviewSide = 1600;

int64_t preview_scale(int64_t height, int64_t width) {
  return (std::max(height, width) + kPreviewSide - 1) / kPreviewSide;
}

void to_levels(const float* values, std::vector<uint8_t>& levels) {
  for (size_t i = 0; i < levels.size(); ++i) {
    levels[i] = static_cast<uint8_t>(std::lround(std::clamp(values[i], 0.0F, 1.0F) * 255));
  }
}

imaging::Format result_format(const RestoreJob& job, imaging::Format photo) {
  if (job.format) return *job.format;
  return job.restored.has_extension() ? imaging::format_of_name(job.restored) : photo;
}

/// What the result can hold of the photograph.
imaging::PixelFormat result_pixels(const FileSource& source, bool in_colours,
                                   RestoredPhoto& result) {
  const imaging::Format format = result.format;
  imaging::PixelFormat pixels = source.file().form();
  if (in_colours) pixels.colours = 3;
  if (pixels.bits == 16 && (format == imaging::Format::jpeg || format == imaging::Format::webp)) {
    pixels.bits = 8;
    result.notes.push_back(std::string(to_string(format)) +
                           " has 8 bit a sample: 16 were rounded to 8");
  }
  if (pixels.has_alpha && format == imaging::Format::jpeg) {
    pixels.has_alpha = false;
    result.notes.push_back("JPEG has no transparency: it was laid on white");
  }
  if (pixels.extras > 0 && format != imaging::Format::tiff) {
    pixels.extras = 0;
    result.notes.push_back(std::string(to_string(format)) +
                           " has no place for its further channels: they are not in the result");
  }
  if (pixels.colours != source.colours()) {
    vips_image_remove(source.header(), VIPS_META_ICC_NAME);  // of gray
  }
  return pixels;
}

/// Scanners write TIFF without compression: then the result has none either. To compress takes the
/// longest of all that is done beside the network.
bool is_compressed(const imaging::ImageFile& photo) {
  const auto bytes = static_cast<int64_t>(std::filesystem::file_size(photo.path()));
  return photo.format() != imaging::Format::tiff ||
         bytes < photo.form().row_bytes() * photo.form().height;
}

void copy_times(const std::filesystem::path& from, const std::filesystem::path& to) {
  struct stat status {};
  if (::stat(from.c_str(), &status) == 0) {
    const timespec times[] = {status.st_atim, status.st_mtim};
    if (::utimensat(AT_FDCWD, to.c_str(), times, 0) == 0) return;
  }
  throw common::io_error("cannot set the times of", to.string());
}

void lay_on_white(imaging::RowBuffer& row) {
  for (auto* channel : {&row.red, &row.green, &row.blue}) {
    for (size_t x = 0; x < channel->size(); ++x) {
      (*channel)[x] = row.alpha[x] * (*channel)[x] + (1 - row.alpha[x]);
    }
  }
}

}  // namespace

DamageRecord::DamageRecord(int64_t height, int64_t width, const std::filesystem::path& mask)
    : height_(height),
      width_(width),
      small_(height, width, preview_scale(height, width)),
      levels_(static_cast<size_t>(width)) {
  const imaging::PixelFormat form{.width = width, .height = height};
  if (!mask.empty()) mask_.emplace(mask, form, nullptr, imaging::ImageOptions());
}

void DamageRecord::add(const float* damage) {
  num_damaged_ += std::count_if(damage, damage + width_, [](float p) { return p > 0.5F; });
  small_.add(num_rows_++, damage);
  if (!mask_) return;
  to_levels(damage, levels_);
  mask_->write_row(levels_.data());
}

double DamageRecord::damaged_share() const {
  return static_cast<double>(num_damaged_) / static_cast<double>(height_ * width_);
}

GrayPreview DamageRecord::preview() {
  const imaging::Plane small = small_.finish();
  GrayPreview preview{static_cast<int>(small.width), static_cast<int>(small.height), {}};
  preview.levels.resize(small.values.size());
  to_levels(small.values.data(), preview.levels);
  return preview;
}

void DamageRecord::finish_mask() {
  if (mask_) mask_->finish();
}

RestoredPhoto begin_result(const RestoreJob& job, const RestoreOptions& options,
                           const FileSource& source) {
  RestoredPhoto result;
  result.job = job;
  result.options = options;
  result.width = source.width();
  result.height = source.height();
  result.bits = source.file().form().bits;
  result.format = result_format(job, source.file().format());
  result.notes = source.notes();
  imaging::require_fitting(job.photo, source.file().form(), result.format);
  return result;
}

PhotoWriter::PhotoWriter(const FileSource& source, bool in_colours, RestoredPhoto& result,
                         imaging::ExifTool& exiftool)
    : source_(source),
      result_(result),
      exiftool_(exiftool),
      pixels_(result_pixels(source, in_colours, result)),
      damage_(pixels_.height, pixels_.width, result.job.mask),
      writer_(result.job.restored, pixels_, source.header(),
              {.format = result.format,
               .quality = result.job.quality,
               .lossless = imaging::is_lossless_webp(source.file().open_name()),
               .compressed = is_compressed(source.file())}),
      samples_(static_cast<size_t>(pixels_.row_bytes())) {}

void PhotoWriter::add(imaging::RowBuffer& row, const float* damage) {
  damage_.add(damage);
  if (!row.alpha.empty() && !pixels_.has_alpha) lay_on_white(row);
  imaging::pack_row(row, pixels_, samples_.data());
  writer_.write_row(samples_.data());
}

bool PhotoWriter::finish(const std::stop_token& stop) try {
  result_.damage = damage_.preview();
  result_.found.damaged_share = damage_.damaged_share();
  const RestoreJob& job = result_.job;
  std::optional<Provenance> provenance;
  if (job.provenance || !job.sidecar.empty()) {
    provenance.emplace(result_, sha256_of_file(source_.file().open_name()));
  }
  writer_.finish([&](const std::filesystem::path& file) {
    const auto added = job.provenance ? provenance->fields() : std::vector<std::string>();
    for (auto& note : imaging::copy_metadata(exiftool_, source_.file(), file, added, stop)) {
      result_.notes.push_back(std::move(note));
    }
    // Before the result has its name: what is there is complete.
    damage_.finish_mask();
    if (job.keep_times) copy_times(source_.file().open_name(), file);
    if (!job.sidecar.empty()) common::write_file_atomically(job.sidecar, provenance->sidecar());
  });
  return true;
} catch (const common::Error&) {
  if (!stop.stop_requested()) throw;
  return false;
}

}  // namespace restore
