#include "model/chroma.h"

#include <sstream>

#include "common/bt601.h"
#include "common/error.h"
#include "device/torch.h"

namespace model {
namespace {

using common::kBlueRange, common::kRedRange;
constexpr double kRed = common::kLumaOfRed, kGreen = common::kLumaOfGreen,
                 kBlue = common::kLumaOfBlue;
constexpr int64_t kRadius = 2;
constexpr double kEpsilon = 1e-3;

void require(bool fits, const char* what, const at::Tensor& got) {
  if (fits) return;
  std::ostringstream message;
  message << what << ", got " << got.sizes();
  throw common::internal_error(message.str());
}

void require_rgb(const char* what, const at::Tensor& rgb) {
  require(rgb.dim() == 4 && rgb.size(1) == 3, what, rgb);
}

at::Tensor channel(const at::Tensor& x, int64_t i) { return x.narrow(1, i, 1); }

at::Tensor box_mean(const at::Tensor& x) {
  constexpr int64_t kSize = 2 * kRadius + 1;
  return at::avg_pool2d(x, {kSize, kSize}, /*stride=*/1, /*padding=*/kRadius, /*ceil_mode=*/false,
                        /*count_include_pad=*/false);
}

}  // namespace

at::Tensor luma_of(const at::Tensor& rgb) {
  require_rgb("luma_of takes [N,3,H,W]", rgb);
  return kRed * channel(rgb, 0) + kGreen * channel(rgb, 1) + kBlue * channel(rgb, 2);
}

at::Tensor chroma_of(const at::Tensor& rgb) {
  require_rgb("chroma_of takes [N,3,H,W]", rgb);
  const at::Tensor luma = luma_of(rgb);
  return at::cat({(channel(rgb, 2) - luma) / kBlueRange, (channel(rgb, 0) - luma) / kRedRange}, 1);
}

at::Tensor rgb_of_luma_and_chroma(const at::Tensor& luma, const at::Tensor& chroma) {
  require(luma.dim() == 4 && luma.size(1) == 1, "rgb_of_luma_and_chroma takes luma [N,1,H,W]",
          luma);
  require(chroma.dim() == 4 && chroma.size(1) == 2, "rgb_of_luma_and_chroma takes chroma [N,2,H,W]",
          chroma);
  const at::Tensor blue = luma + kBlueRange * channel(chroma, 0);
  const at::Tensor red = luma + kRedRange * channel(chroma, 1);
  const at::Tensor green = (luma - kRed * red - kBlue * blue) / kGreen;
  return at::cat({red, green, blue}, 1).clamp(0, 1);
}

ChromaLines chroma_lines(const at::Tensor& chroma, const at::Tensor& luma) {
  require(luma.dim() == 4 && luma.size(1) == 1, "chroma_lines takes luma [N,1,H,W]", luma);
  require(chroma.dim() == 4 && chroma.size(1) == 2 && chroma.size(0) == luma.size(0),
          "chroma_lines takes chroma [N,2,h,w]", chroma);
  const at::Tensor guide = at::adaptive_avg_pool2d(luma, {chroma.size(2), chroma.size(3)});
  const at::Tensor guide_mean = box_mean(guide), chroma_mean = box_mean(chroma);
  const at::Tensor covariance = box_mean(guide * chroma) - guide_mean * chroma_mean;
  const at::Tensor variance = box_mean(guide * guide) - guide_mean * guide_mean;
  const at::Tensor slope = covariance / (variance + kEpsilon);
  return {box_mean(slope), box_mean(chroma_mean - slope * guide_mean)};
}

at::Tensor upsample_chroma(const at::Tensor& chroma, const at::Tensor& luma) {
  const ChromaLines lines = chroma_lines(chroma, luma);
  const auto enlarged = [&](const at::Tensor& x) {
    return at::upsample_bilinear2d(x, {luma.size(2), luma.size(3)}, /*align_corners=*/false);
  };
  return enlarged(lines.slope) * luma + enlarged(lines.offset);
}

}  // namespace model
