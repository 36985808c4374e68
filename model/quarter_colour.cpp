#include "model/quarter_colour.h"

#include "device/torch.h"
#include "model/chroma.h"
#include "model/colour.h"

namespace model {
namespace {

at::Tensor shrunk(const at::Tensor& picture) {
  return at::avg_pool2d(picture, {kColourShrink, kColourShrink});
}

}  // namespace

at::Tensor quarter_ab(const at::Tensor& rgb) { return lab_of(shrunk(rgb)).narrow(1, 1, 2); }

at::Tensor chroma_of_ab(const at::Tensor& ab, const at::Tensor& luma) {
  return chroma_of(rgb_of(at::cat({lightness_of(shrunk(luma)), ab}, 1)));
}

}  // namespace model
