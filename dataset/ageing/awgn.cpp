#include "dataset/ageing/awgn.h"

#include <vector>

#include "common/normal.h"
#include "common/random.h"

namespace dataset::ageing {

void add_awgn(const common::Range& sigma, uint64_t key, float* pixels, size_t count) {
  if (sigma.high <= 0) return;
  const double drawn = common::KeyedRandom(key).uniform(sigma.low, sigma.high);
  const auto scale = static_cast<float>(drawn / 255);
  std::vector<float> noise(count);
  common::fill_normal(common::random_key("awgn field", {key}), noise.data(), count);
  for (size_t i = 0; i < count; ++i) pixels[i] += scale * noise[i];
}

}  // namespace dataset::ageing
