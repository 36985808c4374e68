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
  if (!(gamma_jitter >= 0 && gamma_jitter <= 2)) {
    throw common::Error(common::ErrorKind::config, "sampling.gamma_jitter is " +
                                                       std::to_string(gamma_jitter) +
                                                       "; a number from 0 to 2 was expected");
  }
  if (reader_threads < 1 || reader_threads > 64) {
    throw common::Error(common::ErrorKind::config, "sampling.reader_threads is " +
                                                       std::to_string(reader_threads) +
                                                       "; 1 to 64 threads were expected");
  }
}

}  // namespace dataset
