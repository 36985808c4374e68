#pragma once

#include "imaging/image_writer.h"
#include "imaging/row_buffer.h"
#include "imaging/row_reader.h"
#include "tests/imaging/sample_plane.h"

namespace imaging {

struct SamplePicture {
  Format format = Format::png;
  int bits = 8;
  double pixels_per_mm_x = 1, pixels_per_mm_y = 1;
};

/// A gray picture with the values of `plane`.
inline void write_sample(const std::filesystem::path& path, const Plane& plane,
                         const SamplePicture& sample) {
  imaging::vips::start();
  const PixelFormat form{.width = plane.width, .height = plane.height, .bits = sample.bits};
  const imaging::vips::Image described(vips_image_new_matrix(1, 1));
  described->Xres = sample.pixels_per_mm_x;
  described->Yres = sample.pixels_per_mm_y;
  ImageWriter writer(path, form, described.get(), {.format = sample.format});
  write_rows(plane, form, writer);
  writer.finish();
}

/// A picture's samples as they lie in memory.
struct Samples {
  PixelFormat form;
  std::vector<uint16_t> values;  ///< of 8 bit too, row by row

  bool operator==(const Samples& other) const { return values == other.values; }
};

/// Samples from 0 to `white` without any order.
inline Samples random_samples(const PixelFormat& form, double white) {
  Samples samples{form, {}};
  const Plane plane = sample_plane(form.height, form.width * form.channels());
  for (const float value : plane.values) {
    samples.values.push_back(static_cast<uint16_t>(double{value} * white));
  }
  return samples;
}

inline void write_samples(const std::filesystem::path& path, const Samples& samples, Format format,
                          VipsImage* described = nullptr) {
  const PixelFormat& form = samples.form;
  ImageWriter writer(path, form, described, {.format = format});
  const std::vector<uint8_t> bytes(samples.values.begin(), samples.values.end());
  const int64_t row = form.width * form.channels();
  for (int64_t y = 0; y < form.height; ++y) {
    if (form.bits == 16) {
      writer.write_row(samples.values.data() + y * row);
    } else {
      writer.write_row(bytes.data() + y * row);
    }
  }
  writer.finish();
}

inline Samples read_samples(const std::filesystem::path& path) {
  const ImageFile file(path);
  Samples samples{file.form(), {}};
  RowReader reader(file);
  for (int64_t y = 0; y < file.form().height; ++y) {
    const uint8_t* bytes = reader.next(1).row(0);
    const int64_t count = file.form().width * file.form().channels();
    if (file.form().bits == 16) {
      const auto* row = reinterpret_cast<const uint16_t*>(bytes);
      samples.values.insert(samples.values.end(), row, row + count);
    } else {
      samples.values.insert(samples.values.end(), bytes, bytes + count);
    }
  }
  return samples;
}

struct VipsOptions {
  VipsInterpretation interpretation = VIPS_INTERPRETATION_sRGB;
  int orientation = 1;
};

/// A picture of 8 bit in libvips's memory, to be saved as it likes.
inline imaging::vips::Image vips_picture(const Samples& samples, const VipsOptions& options) {
  imaging::vips::start();
  const std::vector<uint8_t> bytes(samples.values.begin(), samples.values.end());
  imaging::vips::Image picture(vips_image_new_from_memory_copy(
      bytes.data(), bytes.size(), static_cast<int>(samples.form.width),
      static_cast<int>(samples.form.height), samples.form.channels(), VIPS_FORMAT_UCHAR));
  picture->Type = options.interpretation;
  vips_image_set_int(picture.get(), VIPS_META_ORIENTATION, options.orientation);
  return picture;
}

/// What a picture file holds.
struct ReadSample {
  PixelFormat form;
  Plane luma;
  double pixels_per_mm_x = 1, pixels_per_mm_y = 1;
  std::vector<std::string> notes;
};

inline ReadSample read_sample(const std::filesystem::path& path) {
  const ImageFile file(path);
  const imaging::vips::Image pixels = file.open_pixels();
  ReadSample read{file.form(), Plane(file.form().height, file.form().width),
                  vips_image_get_xres(pixels.get()), vips_image_get_yres(pixels.get()),
                  file.notes()};
  RowReader reader(file);
  RowBuffer row;
  for (int64_t y = 0; y < file.form().height; ++y) {
    unpack_row(reader.next(1).row(0), file.form(), row);
    luma_of_row(row, read.luma.row(y));
  }
  return read;
}

}  // namespace imaging
