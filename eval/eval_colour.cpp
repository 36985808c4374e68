#include "eval/eval_colour.h"

#include <algorithm>

#include "device/torch.h"
#include "model/chroma.h"
#include "model/quality.h"
#include "restore/plane_tensor.h"

namespace eval {
bool is_gray(const imaging::Photo& photo) {
  const auto channel = static_cast<std::ptrdiff_t>(photo.rgb.size() / 3);
  const auto red = photo.rgb.begin(), green = red + channel, blue = green + channel;
  return std::equal(red, green, green) && std::equal(green, blue, blue);
}

restore::Chroma chroma_planes(const imaging::Photo& photo) {
  const at::Tensor both = model::chroma_of(restore::rgb_tensor_of(photo).unsqueeze(0)).contiguous();
  restore::Chroma chroma{imaging::Plane(photo.height, photo.width),
                         imaging::Plane(photo.height, photo.width)};
  const float* from = both.const_data_ptr<float>();
  const size_t num_pixels = chroma.blue.values.size();
  std::copy_n(from, num_pixels, chroma.blue.values.begin());
  std::copy_n(from + num_pixels, num_pixels, chroma.red.values.begin());
  return chroma;
}

imaging::Photo coloured(const imaging::Plane& luma, const restore::Chroma& chroma) {
  const at::Tensor both =
      at::stack({restore::tensor_of(chroma.blue), restore::tensor_of(chroma.red)}, 1);
  const at::Tensor rgb = model::rgb_of_luma_and_chroma(restore::tensor_of(luma).unsqueeze(0), both);
  const at::Tensor levels = model::eight_bit(rgb).to(at::kByte).contiguous();
  const auto* bytes = levels.const_data_ptr<uint8_t>();
  return {
      static_cast<int>(luma.width), static_cast<int>(luma.height), {bytes, bytes + levels.numel()}};
}

}  // namespace eval
