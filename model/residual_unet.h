#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "model/convolution.h"

namespace model {

/// The first level of a ResidualUNet works on squares of 2x2 pixels.
inline constexpr int64_t kCellSide = 2;

struct ResidualUNetForm {
  int64_t in = 1, out = 1;           ///< planes
  std::vector<int64_t> widths = {};  ///< channels of each level, the largest level first
  int64_t blocks = 2;                ///< residual blocks of each level, down and up
  bool per_cell = false;             ///< the result has one pixel for each cell, not for each pixel
};

/// The layers of a ResidualUNet in the order in which they are applied: of training, or prepared
/// for inference. The graph is written once, over both.
struct ResidualUNetLayers {
  using Layer = std::shared_ptr<const ConvolutionLayer>;
  using Blocks = std::vector<std::pair<Layer, Layer>>;

  Layer stem, head;
  std::vector<Blocks> encoder, decoder;  ///< decoder: none at the deepest level
  std::vector<Layer> down, up;           ///< between level i and i + 1

  at::Tensor forward(const at::Tensor& picture, bool per_cell) const;

  /// The same layers after `change` of each.
  template <class Change>
  ResidualUNetLayers changed(Change&& change) const {
    const auto row = [&](const std::vector<Layer>& layers) {
      std::vector<Layer> all;
      for (const Layer& layer : layers) all.push_back(change(*layer));
      return all;
    };
    const auto levels = [&](const std::vector<Blocks>& from) {
      std::vector<Blocks> to;
      for (const Blocks& blocks : from) {
        auto& level = to.emplace_back();
        for (const auto& [a, b] : blocks) level.emplace_back(change(*a), change(*b));
      }
      return to;
    };
    return {change(*stem), change(*head), levels(encoder), levels(decoder), row(down), row(up)};
  }
};

/// A plain residual UNet: planes in, planes out. No normalisation, no dilation, no statistics over
/// the picture: what it says of a pixel depends on its surroundings alone, not on the window that
/// it is seen in. Skips are added, not concatenated: half the work of the decoder at the largest
/// level. Close to 0 everywhere at first.
/// Source: Ronneberger et al., 2015, arXiv 1505.04597; Zhang et al., 2021, arXiv 2008.13751
/// (residual blocks, added skips, strided and transposed 2x2 convolutions); cells of 2x2 pixels:
/// Zhang et al., 2018, arXiv 1710.04026.
class ResidualUNet : public torch::nn::Module {
 public:
  explicit ResidualUNet(const ResidualUNetForm& form);

  /// Shapes: [N,in,H,W], H and W multiples of multiple(); returns [N,out,H,W] float32, or
  /// [N,out,H/2,W/2] if `per_cell`.
  at::Tensor forward(const at::Tensor& picture) const;

  /// On with copies of the weights, which pass no gradients on, in `dtype`; on a CPU.
  void prepare_for_inference(at::ScalarType dtype);
  void undo_preparation() { prepared_.reset(); }

  int64_t multiple() const { return kCellSide << (form_.widths.size() - 1); }
  const Convolution& head() const { return *head_; }

 private:
  ResidualUNetForm form_;
  std::shared_ptr<Convolution> head_;
  ResidualUNetLayers layers_;
  std::unique_ptr<const ResidualUNetLayers> prepared_;
  at::ScalarType dtype_ = at::kFloat;
};

}  // namespace model
