#include "restore/source.h"

#include <algorithm>

#include "common/error.h"

namespace restore {
namespace {

constexpr float kMarked = 0.02F;  // below lies what a JPEG leaves of black
constexpr int64_t kStripRows = 64;

template <class Picture>
std::string size_text(const Picture& picture) {
  return std::to_string(picture.width) + "x" + std::to_string(picture.height);
}

template <class Mask, class Picture>
void require_same_size(const std::string& mask_name, const Mask& mask, const Picture& picture) {
  if (mask.width == picture.width && mask.height == picture.height) return;
  throw common::usage_error(mask_name + " has " + size_text(mask) +
                            " pixels, the upright photograph " + size_text(picture) +
                            ": give a mask of the photograph's size");
}

}  // namespace

void Source::luma(const imaging::RowBuffer& row, float* srgb_luma) const {
  imaging::luma_of_row(row, srgb_luma);
  curve_.to_srgb(srgb_luma, width());
}

MaskFile::MaskFile(const std::filesystem::path& path, const imaging::PixelFormat& photo)
    : file_(path) {
  require_same_size("the mask " + path.string(), file_.form(), photo);
  rewind();
}

void MaskFile::rewind() { reader_.emplace(file_.open_pixels(), file_.path()); }

void MaskFile::next_row(float unmarked, float* opacity) {
  imaging::unpack_row(reader_->next(1).row(0), file_.form(), row_);
  if (row_.alpha.empty()) {
    imaging::luma_of_row(row_, opacity);
  } else {
    std::copy(row_.alpha.begin(), row_.alpha.end(), opacity);
  }
  for (size_t x = 0; x < row_.red.size(); ++x) {
    if (opacity[x] < kMarked) opacity[x] = unmarked;
  }
}

FileSource::FileSource(const std::filesystem::path& photo, const RestoreOptions& options)
    : file_(photo),
      header_(file_.open_pixels()),
      notes_(file_.notes()),
      unmarked_(options.only_mask ? 0.0F : -1.0F) {
  name_ = photo.string();
  format_ = file_.form();
  row_bytes_ = format_.row_bytes();
  held_bytes_ = file_.held_bytes();
  curve_ = imaging::ToneCurve(header_.get(), format_.colours, notes_);
  if (!options.mask.empty()) mask_.emplace(options.mask, format_);
  has_known_damage_ = mask_.has_value();
}

void FileSource::rewind() {
  reader_.emplace(file_.open_pixels(), file_.path());
  strip_ = {};
  next_in_strip_ = 0;
  if (mask_) mask_->rewind();
}

const uint8_t* FileSource::next_row() {
  if (next_in_strip_ == strip_.count) {
    strip_ = reader_->next(kStripRows);
    next_in_strip_ = 0;
  }
  return strip_.row(next_in_strip_++);
}

void FileSource::unpack(const uint8_t* samples, imaging::RowBuffer& row) const {
  imaging::unpack_row(samples, format_, row);
}

void FileSource::known_damage(float* opacity) { mask_->next_row(unmarked_, opacity); }

PlaneSource::PlaneSource(const imaging::Plane& luma, const imaging::Plane* known_damage)
    : luma_(luma), known_damage_(known_damage) {
  if (known_damage != nullptr) require_same_size("the damage mask", *known_damage, luma);
  name_ = "the picture";
  format_ = {.width = luma.width, .height = luma.height};
  row_bytes_ = luma.width * static_cast<int64_t>(sizeof(float));
  has_known_damage_ = known_damage != nullptr;
}

const uint8_t* PlaneSource::next_row() {
  return reinterpret_cast<const uint8_t*>(luma_.row(next_row_++));
}

void PlaneSource::unpack(const uint8_t* samples, imaging::RowBuffer& row) const {
  const auto* luma = reinterpret_cast<const float*>(samples);
  row = {};
  row.red.assign(luma, luma + luma_.width);
}

void PlaneSource::known_damage(float* opacity) {
  std::copy_n(known_damage_->row(next_row_ - 1), luma_.width, opacity);
}

}  // namespace restore
