#include "restore/mask_file.h"

#include "common/error.h"

namespace restore {
namespace {

constexpr float kMarked = 0.02F;  // below lies what a JPEG leaves of black

std::string size_text(const imaging::PixelFormat& form) {
  return std::to_string(form.width) + "x" + std::to_string(form.height);
}

}  // namespace

MaskFile::MaskFile(const std::filesystem::path& path, const imaging::PixelFormat& photo) : file_(path) {
  if (file_.form().width != photo.width || file_.form().height != photo.height) {
    throw common::Error(common::ErrorKind::usage,
                        "the mask " + path.string() + " has " + size_text(file_.form()) +
                            " pixels, the photograph " + size_text(photo) +
                            " when it stands upright: give a mask of the photograph's size");
  }
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

}  // namespace restore
