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
}

}  // namespace dataset
