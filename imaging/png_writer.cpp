#include <string_view>
#include <vector>

#include "common/error.h"
#include "common/files.h"
#include "imaging/photo_reader.h"
#include "imaging/vips.h"

namespace imaging {

void write_png(const std::filesystem::path& path, const uint8_t* planar, int width, int height,
               int channels) {
  vips::start();
  const auto refuse = [&] {
    throw common::Error(common::ErrorKind::io,
                        "cannot make the picture " + path.string() + ": " + vips::last_error());
  };
  const size_t pixels = static_cast<size_t>(width) * static_cast<size_t>(height);
  const auto depth = static_cast<size_t>(channels);
  std::vector<uint8_t> interleaved(pixels * depth);
  for (size_t channel = 0; channel < depth; ++channel) {
    for (size_t i = 0; i < pixels; ++i) {
      interleaved[i * depth + channel] = planar[channel * pixels + i];
    }
  }
  const vips::Image image(vips_image_new_from_memory(interleaved.data(), interleaved.size(), width,
                                                     height, channels, VIPS_FORMAT_UCHAR));
  if (!image) refuse();
  image->Type = channels == 1 ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB;
  void* encoded = nullptr;
  size_t num_bytes = 0;
  if (vips_image_write_to_buffer(image.get(), ".png", &encoded, &num_bytes,
                                 static_cast<void*>(nullptr)) != 0) {
    refuse();
  }
  const vips::Memory<void> memory(encoded);
  common::write_file_atomically(path, {static_cast<const char*>(encoded), num_bytes});
}

}  // namespace imaging
