#include "restore/mask_file.h"

#include <algorithm>
#include <cmath>

#include "common/error.h"

namespace restore {
namespace {

constexpr float kMarked = 0.02F;  // below lies what a JPEG leaves of black
constexpr double kMostUsual = 0.6;

std::string size_text(const imaging::PixelFormat& picture) {
  return std::to_string(picture.width) + "x" + std::to_string(picture.height);
}

/// What gray and alpha of a mask say, pixel by pixel.
struct GrayAndAlpha {
  double pixels = 0, dark = 0, light = 0;    // by their gray alone
  double opaque_dark = 0, opaque_light = 0;  // where alpha marks
  double hidden_light = 0;                   // where alpha marks nothing
  float lowest_alpha = 1, highest_alpha = 0;

  void add(float gray, float alpha) {
    const bool is_dark = gray<0.1F, is_light = gray> 0.5F;
    const bool is_opaque = alpha > 1 - kMarked, is_hidden = alpha < kMarked;
    ++pixels;
    dark += is_dark, light += is_light;
    opaque_dark += is_dark && is_opaque, opaque_light += is_light && is_opaque;
    hidden_light += is_light && is_hidden;
    lowest_alpha = std::min(lowest_alpha, alpha), highest_alpha = std::max(highest_alpha, alpha);
  }

  bool is_alpha_flat() const { return highest_alpha - lowest_alpha < kMarked; }

  /// White strokes on black in what alpha marks as one; or white strokes just where it marks
  /// nothing.
  bool is_contradiction() const {
    const double few = pixels / 1000;  // soft edges
    if (is_alpha_flat()) return highest_alpha < kMarked && light > 0 && dark > 0;
    const bool has_strokes = std::min(opaque_dark, opaque_light) > few;
    const bool is_inverse = opaque_dark > pixels / 2 && hidden_light > 0 && opaque_light <= few;
    return has_strokes || is_inverse;
  }
};

}  // namespace

void require_same_size(const std::string& name, const imaging::PixelFormat& mask,
                       const imaging::PixelFormat& photo) {
  if (mask.width == photo.width && mask.height == photo.height) return;
  throw common::usage_error(name + " has " + size_text(mask) + " pixels, the upright photograph " +
                            size_text(photo) + ": give a mask of the photograph's size");
}

MaskFile::MaskFile(const std::filesystem::path& path, const imaging::PixelFormat& photo)
    : file_(path) {
  require_same_size("the mask " + path.string(), file_.form(), photo);
  rewind();
  is_in_alpha_ = file_.form().has_alpha && is_in_alpha();
  rewind();
  note_share();
  rewind();
}

void MaskFile::rewind() { reader_.emplace(file_); }

bool MaskFile::is_in_alpha() {
  GrayAndAlpha seen;
  std::vector<float> gray(static_cast<size_t>(file_.form().width)), alpha;
  for (int64_t y = 0; y < file_.form().height; ++y) {
    imaging::unpack_row(reader_->next(1).row(0), file_.form(), row_);
    alpha.swap(row_.alpha);
    row_.alpha.clear();  // gray as it is, not laid on white
    imaging::luma_of_row(row_, gray.data());
    for (size_t x = 0; x < gray.size(); ++x) seen.add(gray[x], alpha[x]);
  }
  if (seen.is_contradiction()) {
    throw common::usage_error(
        "the mask " + file_.path().string() +
        ": its gray and its transparency mark different places. Export it without transparency, "
        "white where the damage is and black elsewhere; or paint the damage alone on a "
        "transparent ground");
  }
  return !seen.is_alpha_flat() || seen.highest_alpha < kMarked;
}

void MaskFile::note_share() {
  double marked = 0;
  float strongest = 0;
  std::vector<float> opacity(static_cast<size_t>(file_.form().width));
  for (int64_t y = 0; y < file_.form().height; ++y) {
    next_row(0, opacity.data());
    marked += static_cast<double>(
        std::count_if(opacity.begin(), opacity.end(), [](float value) { return value >= 0.5F; }));
    strongest = std::max(strongest, *std::max_element(opacity.begin(), opacity.end()));
  }
  if (marked == 0) {
    notes_.push_back("warning: the mask marks nothing: its lightest place is " +
                     std::to_string(std::lround(100 * strongest)) +
                     "% of white; damage is white, the rest black");
  }
  const double share = marked / static_cast<double>(file_.form().width * file_.form().height);
  if (share <= kMostUsual) return;
  notes_.push_back("warning: the mask marks " + std::to_string(std::lround(100 * share)) +
                   "% of the picture as damage: white is damage, black is not; is it inverted?");
}

void MaskFile::next_row(float unmarked, float* opacity) {
  imaging::unpack_row(reader_->next(1).row(0), file_.form(), row_);
  if (is_in_alpha_) {
    std::copy(row_.alpha.begin(), row_.alpha.end(), opacity);
  } else {
    row_.alpha.clear();
    imaging::luma_of_row(row_, opacity);
  }
  for (size_t x = 0; x < row_.red.size(); ++x) {
    if (opacity[x] < kMarked) opacity[x] = unmarked;
  }
}

}  // namespace restore
