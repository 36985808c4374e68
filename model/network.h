// model/: the networks, what they are trained on (losses) and what they are judged by (quality).
// May include common/ and LibTorch; knows no files, no workers and no data set.
// Start here, then restorer.h; losses.h and quality.h stand alone.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "device/named_tensor.h"
#include "device/torch.h"
#include "model/damage_rule.h"
#include "model/network_config.h"
#include "model/precision.h"

namespace model {

/// What a network says of a picture.
struct Restoration {
  at::Tensor luma = {};  ///< [N,1,H,W], 0 black to 1 white, not clamped
  /// [N,1,H,W]; its sigmoid is the probability of damage; undefined if the network does not look
  /// for damage.
  at::Tensor damage_logits = {};
  /// [N,2,h,w], Cb and Cr as of model/chroma.h at a fraction of the resolution, a quarter as a
  /// rule; undefined if the network does not colour.
  at::Tensor chroma = {};
  /// [N,313,H/4,W/4] over the bins of model/ab_bins.h: what `chroma` was computed from, and what is
  /// taught, by a network that classifies colours; undefined for the others. Such a network does
  /// nothing else: its luma is the input.
  at::Tensor colour_logits = {};
  /// [N,1,H,W], 0 to 1: what of `luma` was filled from about it, the damage and its rim; undefined
  /// if the network does not fill.
  at::Tensor filled = {};
};

/// The probability of damage, [N,1,H,W]; 0 everywhere if the network does not look for it.
at::Tensor damage_probability(const Restoration& restoration);

/// How a network is made ready for inference on a CPU.
struct Preparation {
  Precision precision = fastest_precision();
  bool colour = true;  ///< false: nobody asks for `chroma`, which saves a twentieth of the time
};

/// A network that restores pictures. LibTorch's modules stay behind this interface:
/// their header costs every file that includes it ten seconds of compiling.
class Network {
 public:
  virtual ~Network() = default;

  /// Shapes: aged [N,1,H,W] float32 in [0,1]; known_damage [N,1,H,W], the damage's opacity where it
  /// is known, negative where it is not, undefined if nothing is known; `rule` decides there. A
  /// network that does not fill has no use for either. Throws Error(internal) for another shape, or
  /// if H or W is not a multiple of multiple(): callers pad.
  virtual Restoration forward(const at::Tensor& aged, const at::Tensor& known_damage = {},
                              const DamageRule& rule = {}) = 0;

  /// False: luma comes back as it was, and grain and damage stay.
  virtual bool restores_luma() const { return true; }

  /// Only the damage logits of `forward`, sooner where the network can; undefined if it does not
  /// look for damage.
  virtual at::Tensor damage_logits(const at::Tensor& aged, const DamageRule& rule = {}) {
    return forward(aged, {}, rule).damage_logits;
  }

  /// Height and width of an input must be multiples of this.
  virtual int64_t multiple() const = 0;

  /// All parameters, in order of registration, named as in the Python twin
  /// (python/restore_photos/networks.py). The tensors are the network's own: what is copied into
  /// them changes it.
  virtual std::vector<device::NamedTensor> weights() const = 0;

  /// Moves the parameters; their tensors stay the same objects, so this comes before anything that
  /// keeps views of them.
  virtual void move_to(at::Device device) = 0;

  /// Makes `forward` faster and smaller on a CPU for weights that do not change any more: it goes
  /// on with copies of them, and throws Error(internal) where gradients are asked for. May be
  /// called again, for another preparation or after a change of the weights; moving the network
  /// undoes it. Networks that know nothing better stay as they are, and so does one on a GPU.
  /// Throws Error(usage) for bf16 on a processor that does not multiply it.
  virtual void prepare_for_inference(const Preparation& /*preparation*/) {}

  /// Where the parameters are and inputs must be.
  at::Device device() const { return weights().front().tensor.device(); }
};

/// For networks' forward. Throws Error(internal) unless `aged` is [N,1,H,W] with H and W multiples
/// of `multiple` and the known damage, if there is any, has the same shape.
void require_fitting(const at::Tensor& aged, const at::Tensor& known_damage, int64_t multiple);

/// For the forward of a prepared network. Throws Error(internal) where gradients are asked for.
void require_no_gradients();

/// A fresh network on the CPU. The same configuration and seed give the same bits everywhere: each
/// layer's weights are drawn from a stream keyed by the seed and the layer's name, and LibTorch's
/// shared generator is not touched.
/// Throws Error(config) if the configuration does not validate.
std::shared_ptr<Network> make_network(const NetworkConfig& config, uint64_t seed);

}  // namespace model
