#pragma once

#include <cstddef>
#include <cstdint>

#include "device/torch.h"

namespace model {

/// A cell of the UNet's first level is a square of 2x2 pixels.
inline constexpr int64_t kCell = 2, kCellPixels = kCell * kCell;
/// The UNet's level at a quarter of the resolution, where colour is said.
inline constexpr size_t kChromaLevel = 1;

/// What mixes the denoised and the filled picture: the probability of damage, except where the
/// damage is known. float32, and passes no gradient on.
at::Tensor gate_of(const at::Tensor& damage_logits, const at::Tensor& known_damage);

}  // namespace model
