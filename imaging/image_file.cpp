#include "imaging/image_file.h"

#include <fcntl.h>

#include <algorithm>
#include <numeric>

#include "common/error.h"
#include "imaging/file_kind.h"
#include "imaging/jpeg_loss.h"
#include "imaging/odd_depth_tiff.h"
#include "imaging/png_chunks.h"
#include "imaging/readable_tiff.h"
#include "imaging/to_srgb.h"
#include "imaging/vips_loader.h"

namespace imaging {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& path, const std::string& message) {
  throw common::corrupt_error(path.string() + " " + message);
}

common::FileDescriptor open_regular_file(const fs::path& path) {
  // O_NONBLOCK: a pipe is refused rather than waited for.
  common::FileDescriptor file = common::open_file(path, O_RDONLY | O_NONBLOCK);
  if (!fs::is_regular_file(path)) refuse(path, "is not a file");
  return file;
}

void require_most_pixels(const fs::path& path, int64_t width, int64_t height) {
  const int64_t pixels = width * height;
  if (pixels <= kMostPixels) return;
  refuse(path, "has " + std::to_string(pixels / 1'000'000) + " megapixels; at most " +
                   std::to_string(kMostPixels / 1'000'000) + " are read: cut or shrink it (it is " +
                   std::to_string(width) + " x " + std::to_string(height) + ")");
}

void require_readable(const fs::path& path, VipsImage* picture, bool is_jpeg) {
  const int64_t pixels = int64_t{vips_image_get_width(picture)} * vips_image_get_height(picture);
  require_most_pixels(path, vips_image_get_width(picture), vips_image_get_height(picture));
  const auto bytes = static_cast<int64_t>(fs::file_size(path));
  if (is_jpeg && pixels / kMostPixelsAJpegByte > bytes) {
    refuse(path, "says that it has " + std::to_string(pixels / 1'000'000) + " megapixels in " +
                     std::to_string(bytes) + " bytes of JPEG, which cannot be: it is damaged");
  }
  const VipsBandFormat format = vips_image_get_format(picture);
  const bool is_wide_lab = vips_image_get_interpretation(picture) == VIPS_INTERPRETATION_LABS;
  if (format != VIPS_FORMAT_UCHAR && format != VIPS_FORMAT_USHORT && !is_wide_lab) {
    refuse(path, std::string("has samples of type ") +
                     vips_enum_nick(VIPS_TYPE_BAND_FORMAT, format) +
                     "; 8 and 16 bit are read: convert it");
  }
}

bool lies_on_its_side(VipsImage* picture) { return vips_image_get_orientation(picture) > 1; }

bool is_alpha(int extra_sample) { return extra_sample == 1 || extra_sample == 2; }

/// Some bands of a picture, in this order.
vips::Image with_bands(const fs::path& path, vips::Image picture, const std::vector<int>& bands) {
  const auto count = static_cast<int>(bands.size());
  bool is_in_order = true;
  for (int i = 0; i < count; ++i) is_in_order = is_in_order && bands[static_cast<size_t>(i)] == i;
  if (is_in_order && vips_image_get_bands(picture.get()) == count) return picture;
  if (is_in_order) {
    return vips::result(path, [&](VipsImage** out) {
      return vips_extract_band(picture.get(), out, 0, "n", count, nullptr);
    });
  }
  std::vector<vips::Image> singles;
  std::vector<VipsImage*> joined;
  for (const int band : bands) {
    singles.push_back(vips::result(path, [&](VipsImage** out) {
      return vips_extract_band(picture.get(), out, band, nullptr);
    }));
    joined.push_back(singles.back().get());
  }
  return vips::result(
      path, [&](VipsImage** out) { return vips_bandjoin(joined.data(), out, count, nullptr); });
}

/// The first `rows` rows of a picture of `height`, and gray below.
vips::Image with_gray_below(const fs::path& path, const vips::Image& picture, int64_t rows) {
  const int width = vips_image_get_width(picture.get());
  const int height = vips_image_get_height(picture.get());
  const bool is_wide = vips_image_get_format(picture.get()) != VIPS_FORMAT_UCHAR;
  const vips::Image top = vips::result(path, [&](VipsImage** out) {
    return vips_crop(picture.get(), out, 0, 0, width, static_cast<int>(rows), nullptr);
  });
  const std::unique_ptr<VipsArrayDouble, void (*)(VipsArrayDouble*)> gray(
      vips_array_double_newv(1, is_wide ? 32768.0 : 128.0),
      [](VipsArrayDouble* array) { vips_area_unref(VIPS_AREA(array)); });
  return vips::result(path, [&](VipsImage** out) {
    return vips_embed(top.get(), out, 0, 0, width, height, "extend", VIPS_EXTEND_BACKGROUND,
                      "background", gray.get(), nullptr);
  });
}

std::string percent(double share) {
  return std::to_string(static_cast<int>(100 * share)) + "%";  // rounded down: never 100 of less
}

const char* const kEndMissing = "the end of the file is missing; the picture is there";
const char* const kPartial =
    " (restore reads that much with --partial): scan it again, or look for another copy";

}  // namespace

ImageFile::ImageFile(const fs::path& path, const ReadOptions& options) : path_(path) {
  vips::start();
  file_ = open_regular_file(path);
  ::fstat(file_.get(), &opened_);
  look_at_pages();
  const vips::Image picture = open_stored(VIPS_ACCESS_SEQUENTIAL);
  format_ = format_of(picture.get());
  require_readable(path, picture.get(), format_ == Format::jpeg);
  if (format_ == Format::jpeg) look_at_loss(options);
  held_bytes_ = held_bytes_of(picture.get(), format_, tiff_);
  const bool turned = vips_image_get_orientation_swap(picture.get()) != 0;
  form_.width = vips_image_get_width(picture.get());
  form_.height = vips_image_get_height(picture.get());
  if (turned) std::swap(form_.width, form_.height);
  look_at_channels(picture.get());
  look_at_frames(picture.get());
  has_profile_ = !is_converted_ && vips_image_get_typeof(picture.get(), VIPS_META_ICC_NAME) != 0;
  if (options.partial && format_ != Format::jpeg) readable_rows_ = count_readable_rows();
  if (readable_rows_ == 0) vips::refuse(path);
  const int height = vips_image_get_height(picture.get());
  if (readable_rows_ >= 0 && readable_rows_ < height) {
    notes_.push_back("only the first " + percent(static_cast<double>(readable_rows_) / height) +
                     " of it can be read: the rest is gray");
    return;
  }
  readable_rows_ = -1;
  if (loader_of(picture.get()).starts_with("png") && lacks_png_end(path, file_)) {
    notes_.push_back(kEndMissing);
  }
}

void ImageFile::look_at_pages() {
  const auto pictures = read_tiff_pictures(file_);
  const std::string kind = raw_kind(read_bytes(file_, 0, kHeadBytes), pictures);
  if (!kind.empty()) {
    refuse(path_, "is a raw file of a camera (" + kind +
                      "): develop it first, to TIFF with 16 bit, and restore that");
  }
  const auto choice = choose_picture(pictures);
  if (!choice) return;
  tiff_ = choice->picture;
  infrared_ = choice->infrared;
  if (const std::string why = why_unreadable(*tiff_); !why.empty()) refuse(path_, why);
  require_most_pixels(path_, tiff_->width, tiff_->height);
  if (tiff_->page > 0 || tiff_->subifd >= 0) {
    notes_.push_back("its first picture is a small copy: the one of full size, " +
                     std::to_string(tiff_->width) + "x" + std::to_string(tiff_->height) +
                     ", was restored, with what the first one says beside its pixels");
  }
  if (choice->num_full_size > 1) {
    notes_.push_back("only the first of its " + std::to_string(choice->num_full_size) +
                     " pages was restored");
  }
  if (infrared_) notes_.push_back("its infrared page is not in the result");
}

void ImageFile::look_at_frames(VipsImage* picture) {
  if (tiff_) return;  // has pages
  const bool is_png = loader_of(picture).starts_with("png");
  constexpr std::string_view kSrgb("\x01\x0D");  // ITU-T H.273: primaries, transfer
  if (const auto coded = is_png ? png_chunk(file_, "cICP") : std::nullopt;
      coded && !coded->starts_with(kSrgb)) {
    notes_.push_back(
        "warning: its colours are coded for video (cICP), which the result does not say: they "
        "will look otherwise; convert it to sRGB first");
  }
  if (is_png && png_chunk(file_, "acTL")) {
    notes_.push_back("only the first of its frames was restored");
  } else if (const int frames = vips_image_get_n_pages(picture); frames > 1) {
    notes_.push_back("only the first of its " + std::to_string(frames) + " frames was restored");
  }
}

void ImageFile::look_at_loss(const ReadOptions& options) {
  const auto loss = find_jpeg_loss(file_);
  if (!loss) return;
  fail_on_ = VIPS_FAIL_ON_NONE;
  const std::string text = loss->is_detail
                               ? "only its coarse scans can be read"
                               : "only the first " + percent(loss->readable) + " of it can be read";
  if (loss->is_only_end) {
    notes_.push_back(kEndMissing);
  } else if (options.partial) {
    notes_.push_back(text + ": the rest is what the decoder made of it");
  } else {
    refuse(path_, "is damaged or cut short: " + text + kPartial);
  }
}

void ImageFile::look_at_channels(VipsImage* picture) {
  const TiffPicture* tiff = tiff_ ? &*tiff_ : nullptr;
  const bool is_wide = vips_image_get_format(picture) != VIPS_FORMAT_UCHAR;
  const int bands = vips_image_get_bands(picture);
  form_.bits = is_wide ? 16 : 8;
  is_converted_ = !is_gray_or_rgb(picture) || is_lab(picture, tiff);
  if (is_converted_) {
    notes_.push_back("its colours were converted from " + colours_text(picture, tiff) + " to sRGB");
  }
  const bool is_gray =
      !is_converted_ && (tiff != nullptr && tiff->photometric >= 0 && tiff->photometric <= 1
                             ? bands - static_cast<int>(tiff->extra_samples.size()) < 3
                             : bands < 3);
  form_.colours = is_gray ? 1 : 3;
  for (int band = 0; band < form_.colours; ++band) bands_.push_back(band);
  if (is_converted_ && tiff != nullptr) {
    const bool has_marked =
        std::any_of(tiff->extra_samples.begin(), tiff->extra_samples.end(), is_alpha);
    form_.has_alpha = has_marked && vips_image_hasalpha(picture) && !is_lab(picture, tiff);
    if (form_.has_alpha) bands_.push_back(form_.colours);
    if (tiff->extra_samples.size() > (form_.has_alpha ? 1 : 0)) {
      notes_.push_back("its channels beside the colours are not in the result");
    }
    return;
  }
  if (tiff == nullptr) {
    form_.has_alpha = is_converted_ ? vips_image_hasalpha(picture) != 0 : bands == 2 || bands >= 4;
    if (form_.has_alpha) bands_.push_back(form_.colours);
    return;
  }
  constexpr int kMostExtras = 5;
  std::vector<int> extras;
  for (int band = form_.colours; band < bands; ++band) {
    const auto i = static_cast<size_t>(band - form_.colours);
    const bool marks = i < tiff->extra_samples.size() && is_alpha(tiff->extra_samples[i]);
    if (marks && !form_.has_alpha) {
      form_.has_alpha = true;
      bands_.push_back(band);
    } else {
      extras.push_back(band);
    }
  }
  if (extras.size() > kMostExtras) {
    notes_.push_back("only " + std::to_string(form_.channels()) + " of its " +
                     std::to_string(bands) + " channels were kept");
    return;
  }
  form_.extras = static_cast<int>(extras.size());
  bands_.insert(bands_.end(), extras.begin(), extras.end());
}

std::string ImageFile::vips_name(const TiffPicture& picture) const {
  std::string name = vips::name_of(file_);
  if (picture.page == 0 && picture.subifd < 0) return name;
  name += "[page=" + std::to_string(picture.page);
  if (picture.subifd >= 0) name += ",subifd=" + std::to_string(picture.subifd);
  return name + "]";
}

vips::Image ImageFile::open_stored(VipsAccess access) const {
  if (tiff_ && has_odd_depth(*tiff_)) {
    vips::Image picture = read_odd_depth(path_, file_, *tiff_);
    if (access == VIPS_ACCESS_RANDOM) picture.reset(vips_image_copy_memory(picture.get()));
    if (!picture) vips::refuse(path_);
    return picture;
  }
  vips::Image picture(vips_image_new_from_file(vips_name(tiff_.value_or(TiffPicture{})).c_str(),
                                               "fail_on", fail_on_, "access", access, nullptr));
  if (picture) return picture;
  const std::string head = read_bytes(file_, 0, kHeadBytes), error = vips::last_error();
  if (head.empty()) refuse(path_, "is empty: copy it again from where it came from");
  // libvips asks others last, which this program has it leave alone.
  const bool is_told = error.find("operation is blocked") == std::string::npos;
  const std::string why = is_told ? " (" + error + ")" : "";
  if (tiff_) {
    refuse(path_, "is a TIFF that cannot be read: it is damaged or cut short" + why +
                      ": open it in the program that wrote it and save it again");
  }
  if (const std::string kind = foreign_kind(head); !kind.empty() && !has_module(kind)) {
    refuse(path_, "is a " + kind + " file and not a JPEG, PNG, TIFF or WebP picture" + why +
                      ": save it as one of these");
  }
  refuse(path_, "is not a JPEG, PNG, TIFF or WebP picture, or is damaged or cut short" + why +
                    ": save it as one of these, or scan it again");
}

int64_t ImageFile::count_readable_rows() const {
  const vips::Image picture = open_stored(VIPS_ACCESS_SEQUENTIAL);
  const std::unique_ptr<VipsRegion, vips::Unref> region(vips_region_new(picture.get()));
  const int width = vips_image_get_width(picture.get());
  const int height = vips_image_get_height(picture.get());
  for (int y = 0; y < height; ++y) {
    const VipsRect row{0, y, width, 1};
    if (vips_region_prepare(region.get(), &row) != 0) return y;
  }
  return height;
}

void ImageFile::require_unchanged() const {
  struct stat now = {};
  const bool is_there = ::stat(path_.c_str(), &now) == 0;
  const bool is_same = is_there && now.st_dev == opened_.st_dev && now.st_ino == opened_.st_ino &&
                       now.st_size == opened_.st_size &&
                       now.st_mtim.tv_sec == opened_.st_mtim.tv_sec &&
                       now.st_mtim.tv_nsec == opened_.st_mtim.tv_nsec;
  // What was deleted was whole while it was read.
  if (is_there && !is_same) refuse(path_, "was changed while it was restored: restore it again");
}

void ImageFile::refuse_rest() const {
  const std::string why = vips::last_error();
  const int64_t rows = count_readable_rows();
  const auto height =
      static_cast<double>(vips_image_get_height(open_stored(VIPS_ACCESS_SEQUENTIAL).get()));
  vips_error_clear();
  refuse(path_, "cannot be decoded: it is damaged or cut short (" + why + "); " +
                    (rows == 0 ? "nothing of it can be read"
                               : "only the first " + percent(static_cast<double>(rows) / height) +
                                     " of it can be read" + kPartial));
}

vips::Image ImageFile::open_upright() const {
  vips::Image picture = open_stored(VIPS_ACCESS_SEQUENTIAL);
  const bool lies = lies_on_its_side(picture.get());
  if (readable_rows_ >= 0) {
    picture = with_gray_below(path_, picture, readable_rows_);
    if (lies) picture = vips::Image(vips_image_copy_memory(picture.get()));
    if (!picture) vips::refuse(path_);
  } else if (lies) {
    // Turning needs the rows in another order than they come in: from a temporary file, if large.
    picture = open_stored(VIPS_ACCESS_RANDOM);
  }
  if (!lies) return picture;
  const bool turned = vips_image_get_orientation_swap(picture.get()) != 0;
  picture = vips::result(
      path_, [&](VipsImage** out) { return vips_autorot(picture.get(), out, nullptr); });
  // libvips leaves the resolution of a side with the other one.
  const double x = vips_image_get_xres(picture.get()), y = vips_image_get_yres(picture.get());
  if (!turned || x == y) return picture;
  return vips::result(path_, [&](VipsImage** out) {
    return vips_copy(picture.get(), out, "xres", y, "yres", x, nullptr);
  });
}

vips::Image ImageFile::open_pixels() const {
  vips::Image picture = open_upright();
  if (is_converted_) {
    picture = to_srgb(path_, picture, form_.bits, tiff_ ? &*tiff_ : nullptr);
    vips_image_remove(picture.get(), VIPS_META_ICC_NAME);
  }
  return with_bands(path_, std::move(picture), bands_);
}

vips::Image ImageFile::open_infrared() const {
  if (form_.extras > 0) {
    return with_bands(path_, open_pixels(), {form_.channels() - form_.extras});
  }
  if (!infrared_) return nullptr;
  vips::Image page = vips::result(path_, [&](VipsImage** out) {
    *out = vips_image_new_from_file(vips_name(*infrared_).c_str(), "fail_on", fail_on_, nullptr);
    return *out == nullptr ? -1 : 0;
  });
  // Turned as the colours are, whatever it says itself.
  const int orientation = vips_image_get_orientation(open_stored(VIPS_ACCESS_SEQUENTIAL).get());
  page = vips::result(path_, [&](VipsImage** out) { return vips_copy(page.get(), out, nullptr); });
  vips_image_set_int(page.get(), VIPS_META_ORIENTATION, orientation);
  return vips::result(path_,
                      [&](VipsImage** out) { return vips_autorot(page.get(), out, nullptr); });
}

vips::Image ImageFile::thumbnail(const Thumbnail& wanted) const {
  const bool is_plain = (!tiff_ || (tiff_->page == 0 && tiff_->subifd < 0 && form_.extras == 0 &&
                                    !has_odd_depth(*tiff_) && !is_converted_)) &&
                        fail_on_ != VIPS_FAIL_ON_NONE && readable_rows_ < 0;
  if (is_plain) {
    return vips::result(path_, [&](VipsImage** out) {
      return vips_thumbnail(vips::name_of(file_).c_str(), out, wanted.width, "height",
                            wanted.height, "size", wanted.size, "fail_on", wanted.fail_on,
                            "export_profile", wanted.export_profile, nullptr);
    });
  }
  std::vector<int> bands(static_cast<size_t>(form_.channels() - form_.extras));
  std::iota(bands.begin(), bands.end(), 0);
  const vips::Image picture = with_bands(path_, open_pixels(), bands);
  return vips::result(path_, [&](VipsImage** out) {
    return vips_thumbnail_image(picture.get(), out, wanted.width, "height", wanted.height, "size",
                                wanted.size, "export_profile", wanted.export_profile, nullptr);
  });
}

}  // namespace imaging
