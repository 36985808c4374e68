#include "dataset/ageing/awgn.h"

#include "common/normal.h"
#include "common/random.h"

namespace dataset::ageing {

void add_awgn(const Awgn& awgn, uint64_t key, bool is_damaged, float* pixels, size_t count) {
  if (awgn.sigma.high <= 0 || (is_damaged && !awgn.on_damage)) return;
  common::KeyedRandom random(key);
  const double drawn = random.uniform(awgn.sigma.low, awgn.sigma.high);
  if (!random.chance(awgn.probability)) return;
  common::add_normal(common::random_key("awgn field", {key}), static_cast<float>(drawn / 255),
                     pixels, count);
}

}  // namespace dataset::ageing
