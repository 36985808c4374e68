#pragma once

#include "restore/pictures/picture_writer.h"
#include "restore/pictures/row_samples.h"
#include "tests/restore/sample_plane.h"

namespace restore {

struct SamplePicture {
  Format format = Format::png;
  int bits = 8;
  double pixels_per_mm_x = 1, pixels_per_mm_y = 1;
};

/// A gray picture with the values of `plane`.
inline void write_sample(const std::filesystem::path& path, const Plane& plane,
                         const SamplePicture& sample) {
  dataset::vips::start();
  const SampleForm form{.width = plane.width, .height = plane.height, .bits = sample.bits};
  const dataset::vips::Image described(vips_image_new_matrix(1, 1));
  described->Xres = sample.pixels_per_mm_x;
  described->Yres = sample.pixels_per_mm_y;
  PictureWriter writer(path, form, described.get(), {.format = sample.format, .lossless = true});
  std::vector<uint8_t> samples(static_cast<size_t>(form.row_bytes()));
  RowSamples row;
  for (int64_t y = 0; y < plane.height; ++y) {
    row.red.assign(plane.row(y), plane.row(y) + plane.width);
    pack_row(row, form, samples.data());
    writer.write_row(samples.data());
  }
  writer.finish();
}

/// What a picture file holds.
struct ReadSample {
  SampleForm form;
  Plane luma;
  double pixels_per_mm_x = 1, pixels_per_mm_y = 1;
  std::vector<std::string> notes;
};

inline ReadSample read_sample(const std::filesystem::path& path) {
  const ScanFile file(path);
  const dataset::vips::Image pixels = file.open_pixels();
  ReadSample read{file.form(), Plane(file.form().height, file.form().width),
                  vips_image_get_xres(pixels.get()), vips_image_get_yres(pixels.get()),
                  file.notes()};
  RowReader reader(file.open_pixels(), path);
  RowSamples row;
  for (int64_t y = 0; y < file.form().height; ++y) {
    unpack_row(reader.next(1).row(0), file.form(), row);
    luma_of_row(row, read.luma.row(y));
  }
  return read;
}

}  // namespace restore
