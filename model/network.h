// model/: the networks, what they are trained on (losses) and what they are judged by (quality).
// May include common/ and LibTorch; knows no files, no workers and no data set.
// Start here, then unet.cpp; losses.h and quality.h stand alone.
#pragma once

#include <ATen/core/Tensor.h>
#include <torch/nn/module.h>

#include <memory>

#include "model/network_config.h"

namespace model {

/// What a network says of a picture.
struct Restoration {
  at::Tensor luma;           ///< [N,1,H,W], 0 black to 1 white, not clamped
  at::Tensor damage_logits;  ///< [N,1,H,W]; its sigmoid is the probability of damage
};

/// A network that restores luma and finds damage. Its parameters' names are those of its Python
/// twin (model/python/restore_models.py).
class Network : public torch::nn::Module {
 public:
  /// Shapes: aged [N,1,H,W] float32 in [0,1].
  /// Throws Error(config) for another shape, or if H or W is not a multiple of multiple(): callers
  /// pad.
  virtual Restoration forward(const at::Tensor& aged) = 0;

  /// Height and width of an input must be multiples of this.
  virtual int64_t multiple() const = 0;
};

/// A fresh network on the CPU. The same configuration and seed give the same bits everywhere: each
/// layer's weights are drawn from a stream keyed by the seed and the layer's name, and LibTorch's
/// shared generator is not touched.
/// Throws Error(config) if the configuration does not validate.
std::shared_ptr<Network> make_network(const NetworkConfig& config, uint64_t seed);

}  // namespace model
