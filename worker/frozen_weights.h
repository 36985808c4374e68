#pragma once

#include <string>
#include <vector>

#include "device/named_tensor.h"

namespace worker {

/// Freezes the parameters whose names match one of the patterns (* any text, ? any character, [..]
/// one of a set): they ask for no gradient any more. Returns the others, in order.
/// Throws Error(config) for a pattern that matches none, with names that there are, and if nothing
/// is left to train.
std::vector<device::NamedTensor> freeze(const std::vector<device::NamedTensor>& parameters,
                                        const std::vector<std::string>& patterns);

}  // namespace worker
