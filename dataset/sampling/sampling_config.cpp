#include "dataset/sampling/sampling_config.h"

#include <string>

#include "common/error.h"

namespace dataset {

void SamplingConfig::validate() const {
  if (crop < 1) {
    throw common::Error(common::ErrorKind::config,
                        "sampling.crop is " + std::to_string(crop) +
                            "; a side of at least 1 pixel was expected, at most the store's patch");
  }
  if (!(exposure >= 0 && exposure <= 2)) {
    throw common::Error(
        common::ErrorKind::config,
        "sampling.exposure is " + std::to_string(exposure) + "; a number from 0 to 2 was expected");
  }
  if (readers < 1 || readers > 64) {
    throw common::Error(
        common::ErrorKind::config,
        "sampling.readers is " + std::to_string(readers) + "; 1 to 64 threads were expected");
  }
}

}  // namespace dataset
