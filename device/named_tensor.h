#pragma once

#include <string>

#include "device/torch.h"

namespace device {

/// A tensor under a name, such as the parameter "encoder.0.1.conv1.weight" of a network.
struct NamedTensor {
  std::string name;
  at::Tensor tensor;
};

}  // namespace device
