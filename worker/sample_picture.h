#pragma once

#include "device/torch.h"
#include "worker/event_file.h"

namespace worker {

/// Gray pictures side by side, clipped to [0,1], as one RGB PNG.
/// Shapes: each [1,H,W] float32, all of one height and width.
EncodedPicture side_by_side(const std::vector<at::Tensor>& pictures);

}  // namespace worker
