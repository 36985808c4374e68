#include "imaging/write_gray.h"

#include "imaging/row_buffer.h"

namespace imaging {

void write_gray(const std::filesystem::path& path, const Plane& plane) {
  const PixelFormat form{.width = plane.width, .height = plane.height};
  ImageWriter writer(path, form, nullptr, {});
  write_rows(plane, form, writer);
  writer.finish();
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

}  // namespace imaging
