#include "dataset/ageing/jpeg.h"

#include <fmt/format.h>

#include <csetjmp>
#include <cstdio>
#include <cstdlib>

// libjpeg's header wants size_t and FILE declared before it.
#include <jpeglib.h>

#include "common/error.h"

namespace dataset::ageing {
namespace {

/// libjpeg's own error_exit ends the process; this one jumps back to the caller.
struct JpegFailure {
  jpeg_error_mgr manager;
  std::jmp_buf back;
  char message[JMSG_LENGTH_MAX];
};

void jump_back(j_common_ptr jpeg) {
  auto* failure = reinterpret_cast<JpegFailure*>(jpeg->err);
  jpeg->err->format_message(jpeg, failure->message);
  std::longjmp(failure->back, 1);
}

jpeg_error_mgr* prepare(JpegFailure& failure) {
  jpeg_error_mgr* manager = jpeg_std_error(&failure.manager);
  manager->error_exit = jump_back;
  return manager;
}

/// A file in memory, allocated by libjpeg.
struct JpegFile {
  unsigned char* bytes = nullptr;
  unsigned long num_bytes = 0;
  JpegFile() = default;
  JpegFile(const JpegFile&) = delete;
  JpegFile& operator=(const JpegFile&) = delete;
  ~JpegFile() { std::free(bytes); }
};

// The two functions below keep no object with a destructor: longjmp would not run it.

bool encode(uint8_t* pixels, int width, int height, int quality, JpegFile& file,
            JpegFailure& failure) {
  jpeg_compress_struct jpeg;
  jpeg.err = prepare(failure);
  jpeg_create_compress(&jpeg);
  if (setjmp(failure.back) != 0) {
    jpeg_destroy_compress(&jpeg);
    return false;
  }
  jpeg_mem_dest(&jpeg, &file.bytes, &file.num_bytes);
  jpeg.image_width = static_cast<JDIMENSION>(width);
  jpeg.image_height = static_cast<JDIMENSION>(height);
  jpeg.input_components = 1;
  jpeg.in_color_space = JCS_GRAYSCALE;
  jpeg_set_defaults(&jpeg);
  jpeg_set_quality(&jpeg, quality, TRUE);
  jpeg.dct_method = JDCT_ISLOW;  // whole numbers: the same bytes with every instruction set
  jpeg_start_compress(&jpeg, TRUE);
  while (jpeg.next_scanline < jpeg.image_height) {
    JSAMPROW row = pixels + static_cast<size_t>(jpeg.next_scanline) * jpeg.image_width;
    jpeg_write_scanlines(&jpeg, &row, 1);
  }
  jpeg_finish_compress(&jpeg);
  jpeg_destroy_compress(&jpeg);
  return true;
}

bool decode(const JpegFile& file, uint8_t* pixels, JpegFailure& failure) {
  jpeg_decompress_struct jpeg;
  jpeg.err = prepare(failure);
  jpeg_create_decompress(&jpeg);
  if (setjmp(failure.back) != 0) {
    jpeg_destroy_decompress(&jpeg);
    return false;
  }
  jpeg_mem_src(&jpeg, file.bytes, file.num_bytes);
  jpeg_read_header(&jpeg, TRUE);
  jpeg.dct_method = JDCT_ISLOW;
  jpeg_start_decompress(&jpeg);
  while (jpeg.output_scanline < jpeg.output_height) {
    JSAMPROW row = pixels + static_cast<size_t>(jpeg.output_scanline) * jpeg.output_width;
    jpeg_read_scanlines(&jpeg, &row, 1);
  }
  jpeg_finish_decompress(&jpeg);
  jpeg_destroy_decompress(&jpeg);
  return true;
}

}  // namespace

Channel through_jpeg(const Channel& plane, int quality) {
  std::vector<uint8_t> pixels = to_bytes(plane);
  JpegFile file;
  JpegFailure failure;
  if (!encode(pixels.data(), plane.width, plane.height, quality, file, failure) ||
      !decode(file, pixels.data(), failure)) {
    throw common::usage_error(fmt::format("ageing: JPEG of {} x {} pixels: {}", plane.width,
                                          plane.height, failure.message));
  }
  Channel result(plane.width, plane.height);
  for (size_t i = 0; i < pixels.size(); ++i) {
    result.values[i] = static_cast<float>(pixels[i]) / 255.0F;
  }
  return result;
}

}  // namespace dataset::ageing
