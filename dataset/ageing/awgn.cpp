#include "dataset/ageing/awgn.h"

#include "common/normal.h"
#include "common/random.h"

namespace dataset::ageing {

void add_awgn(const common::Range& sigma, uint64_t key, float* pixels, size_t count) {
  if (sigma.high <= 0) return;
  const double drawn = common::KeyedRandom(key).uniform(sigma.low, sigma.high);
  common::add_normal(common::random_key("awgn field", {key}), static_cast<float>(drawn / 255),
                     pixels, count);
}

}  // namespace dataset::ageing
