#include "dataset/store/sample.h"

#include "common/hash.h"

namespace dataset {

const char* to_string(ShardArray array) {
  switch (array) {
    case ShardArray::clean: return "/clean";
    case ShardArray::aged: return "/aged";
    case ShardArray::damage: return "/damage";
    case ShardArray::origin: return "/origin";
    case ShardArray::xxh3: return "/xxh3";
  }
  return "?";
}

SampleChecksums checksums_of(const Sample& sample, int64_t patch) {
  const auto plane = static_cast<size_t>(patch * patch);
  return {common::xxh3(sample.clean, 3 * plane), common::xxh3(sample.aged, plane),
          common::xxh3(sample.damage, plane), common::xxh3(&sample.origin, sizeof(Origin))};
}

}  // namespace dataset
