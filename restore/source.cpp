#include "restore/source.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

#include "common/error.h"

namespace restore {
namespace {

constexpr int64_t kStripRows = 64;

}  // namespace

void Source::luma(const imaging::RowBuffer& row, float* srgb_luma) const {
  imaging::luma_of_row(row, srgb_luma);
  curve_.to_srgb(srgb_luma, width());
}

FileSource::FileSource(const std::filesystem::path& photo, const RestoreOptions& options)
    : file_(photo, {.partial = options.partial}),
      header_(file_.open_pixels()),
      notes_(file_.notes()),
      unmarked_(options.only_mask ? 0.0F : -1.0F) {
  name_ = photo.string();
  format_ = file_.form();
  row_bytes_ = format_.row_bytes();
  held_bytes_ = file_.held_bytes();
  curve_ = imaging::ToneCurve(header_.get(), format_.colours, notes_);
  if (!options.mask.empty()) {
    mask_.emplace(options.mask, format_);
    notes_.insert(notes_.end(), mask_->notes().begin(), mask_->notes().end());
  }
  if (options.infrared) find_dust();
  has_known_damage_ = mask_.has_value() || dust_.has_value();
}

void FileSource::find_dust() {
  imaging::InfraredDust dust = imaging::find_infrared_dust(file_);
  const std::string share = fmt::format("{:.1f}% of the picture", 100 * dust.share);
  if (dust.share > imaging::kMostInfraredDust) {
    notes_.push_back("warning: its infrared is dark in " + share +
                     ", as that of black-and-white film is: it was not used");
    return;
  }
  notes_.push_back("its infrared shows dust and scratches in " + share);
  held_bytes_ += dust.width * dust.height;
  dust_ = std::move(dust);
}

void FileSource::rewind() {
  reader_.emplace(file_);
  strip_ = {};
  next_in_strip_ = 0;
  next_damage_row_ = 0;
  if (mask_) mask_->rewind();
}

const uint8_t* FileSource::next_row() {
  if (next_in_strip_ == strip_.count) {
    strip_ = reader_->next(kStripRows);
    next_in_strip_ = 0;
  }
  return strip_.row(next_in_strip_++);
}

void FileSource::unpack_pixels(const uint8_t* samples, int64_t count,
                               imaging::RowBuffer& row) const {
  imaging::PixelFormat form = format_;
  form.width = count;
  imaging::unpack_row(samples, form, row);
}

void FileSource::known_damage(float* opacity) {
  if (mask_) {
    mask_->next_row(unmarked_, opacity);
  } else {
    std::fill_n(opacity, width(), unmarked_);
  }
  if (!dust_) return;
  const uint8_t* dust = dust_->row(next_damage_row_++);
  for (int64_t x = 0; x < width(); ++x) {
    if (dust[x] != 0) opacity[x] = 1;
  }
}

PlaneSource::PlaneSource(const imaging::Plane& luma, const imaging::Plane* known_damage)
    : luma_(luma), known_damage_(known_damage) {
  name_ = "the picture";
  format_ = {.width = luma.width, .height = luma.height};
  if (known_damage != nullptr) {
    require_same_size("the damage mask",
                      {.width = known_damage->width, .height = known_damage->height}, format_);
  }
  row_bytes_ = luma.width * static_cast<int64_t>(sizeof(float));
  has_known_damage_ = known_damage != nullptr;
}

const uint8_t* PlaneSource::next_row() {
  return reinterpret_cast<const uint8_t*>(luma_.row(next_row_++));
}

void PlaneSource::unpack_pixels(const uint8_t* samples, int64_t count,
                                imaging::RowBuffer& row) const {
  const auto* luma = reinterpret_cast<const float*>(samples);
  row = {};
  row.red.assign(luma, luma + count);
}

void PlaneSource::known_damage(float* opacity) {
  std::copy_n(known_damage_->row(next_row_ - 1), luma_.width, opacity);
}

}  // namespace restore
