#include "imaging/row_reader.h"

#include <algorithm>

namespace imaging {

RowReader::RowReader(const ImageFile& file)
    : file_(file), pixels_(file.open_pixels()), region_(vips_region_new(pixels_.get())) {}

RowReader::Rows RowReader::next(int64_t count) {
  const int width = vips_image_get_width(pixels_.get());
  const int64_t height = vips_image_get_height(pixels_.get());
  const VipsRect strip{0, static_cast<int>(next_row_), width,
                       static_cast<int>(std::min(count, height - next_row_))};
  if (vips_region_prepare(region_.get(), &strip) != 0) file_.refuse_rest();
  const Rows rows{next_row_, strip.height,
                  static_cast<const uint8_t*>(VIPS_REGION_ADDR(region_.get(), 0, strip.top)),
                  static_cast<int64_t>(VIPS_REGION_LSKIP(region_.get()))};
  next_row_ += strip.height;
  return rows;
}

}  // namespace imaging
