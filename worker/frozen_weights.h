#pragma once

#include <string>
#include <vector>

#include "comm/gradient_buckets.h"

namespace worker {

/// Freezes the parameters whose names match one of the patterns (* any text, ? any character, [..]
/// one of a set): they ask for no gradient any more. Returns the others, in order.
/// Throws Error(config) for a pattern that matches none, with names that there are, and if nothing
/// is left to train.
std::vector<comm::NamedParameter> freeze(const std::vector<comm::NamedParameter>& parameters,
                                         const std::vector<std::string>& patterns);

}  // namespace worker
