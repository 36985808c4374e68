#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/fused_convolution.h"
#include "model/layers.h"
#include "model/network.h"

namespace model {

/// A cell of the UNet's first level is a square of 2x2 pixels.
inline constexpr int64_t kCell = 2, kCellPixels = kCell * kCell;
/// The UNet's level at a quarter of the resolution, where colour is said.
inline constexpr size_t kChromaLevel = 1;

/// The logits with `shift` added; themselves if it is 0.
at::Tensor shifted(const at::Tensor& damage_logits, double shift);

/// What mixes the denoised and the filled picture: the probability of damage, except where the
/// damage is known. float32, and passes no gradient on.
at::Tensor gate_of(const at::Tensor& damage_logits, const at::Tensor& known_damage);

/// What a UNet says, sooner and in less memory, for weights that do not change any more, on a CPU.
/// It is the graph of unet.cpp over again, because what makes it fast is what training cannot have:
/// each layer overwrites what it was given, and no layer's input is kept for a backward.
///
/// In bf16 the features are bf16 and every product is summed in fp32. The picture comes in as two
/// bf16 numbers a pixel, which together have its digits; what the heads say is added to it, gated
/// and interpolated in fp32.
class PreparedUNet {
 public:
  /// `unet` is a UNet of this folder; its parts are found by their names.
  PreparedUNet(const torch::nn::Module& unet, const Preparation& preparation);

  /// As UNet::forward, of what fits.
  Restoration forward(const at::Tensor& aged, const at::Tensor& known_damage,
                      double damage_shift) const;
  /// As UNet::damage_logits.
  at::Tensor damage_logits(const at::Tensor& aged) const;

 private:
  struct Block {
    FusedConvolution conv1, conv2;
  };
  using Blocks = std::vector<Block>;
  /// One level of both decoders and of the encoder; the deepest has no decoders.
  struct Level {
    Blocks encoder, decoder, fill_decoder;
    std::optional<FusedConvolution> guess, down, up, fill_up;  // up: from the level below to this
  };
  struct Filled {
    at::Tensor fill, chroma;
  };

  static void apply(const Blocks& blocks, at::Tensor& x);
  at::Tensor packed(const at::Tensor& picture) const;
  std::vector<at::Tensor> features_of(const at::Tensor& aged) const;
  /// Residual and damage logits, [N,2,H,W].
  at::Tensor said_of(const std::vector<at::Tensor>& features) const;
  void weaken(std::vector<at::Tensor>& features, const at::Tensor& guess,
              const at::Tensor& damage) const;
  at::Tensor chroma_of(const at::Tensor& x) const;
  Filled fill(std::vector<at::Tensor> features, const at::Tensor& denoised,
              const at::Tensor& damage) const;

  at::ScalarType dtype_;
  bool says_chroma_;
  std::vector<Level> levels_;
  std::optional<FusedConvolution> stem_, head_, fill_head_, chroma_head_;
  std::shared_ptr<WindowContext> context_;
  Blocks reach_, chroma_;
};

}  // namespace model
