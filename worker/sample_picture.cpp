#include "worker/sample_picture.h"

#include "device/torch.h"

#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STB_IMAGE_WRITE_STATIC
#define STBI_WRITE_NO_STDIO
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#include <stb/stb_image_write.h>
#pragma GCC diagnostic pop

namespace worker {

EncodedPicture side_by_side(const std::vector<at::Tensor>& pictures) {
  const at::Tensor row = at::cat(pictures, /*dim=*/2);  // [C,H,W * n]
  const at::Tensor levels = (row.clamp(0, 1) * 255).round().to(at::kByte);
  const at::Tensor pixels = levels.permute({1, 2, 0}).expand({-1, -1, 3}).contiguous();
  EncodedPicture encoded{pixels.size(1), pixels.size(0), {}};
  const auto append = [](void* png, void* data, int size) {
    static_cast<std::string*>(png)->append(static_cast<const char*>(data),
                                           static_cast<size_t>(size));
  };
  const auto width = static_cast<int>(encoded.width), height = static_cast<int>(encoded.height);
  stbi_write_png_to_func(append, &encoded.png, width, height, 3, pixels.const_data_ptr<uint8_t>(),
                         3 * width);
  return encoded;
}

}  // namespace worker
