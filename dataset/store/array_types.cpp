#include "dataset/store/array_types.h"

namespace dataset {

size_t ArrayType::sample_bytes() const {
  size_t bytes = H5Tget_size(type);
  for (const hsize_t length : shape) bytes *= length;
  return bytes;
}

std::vector<hsize_t> ArrayType::shape_of(int64_t samples) const {
  std::vector<hsize_t> whole{static_cast<hsize_t>(samples)};
  whole.insert(whole.end(), shape.begin(), shape.end());
  return whole;
}

std::vector<ArrayType> array_types(int64_t patch) {
  const auto side = static_cast<hsize_t>(patch);
  return {{ShardArray::clean, H5T_STD_U8LE, {3, side, side}},
          {ShardArray::aged, H5T_STD_U8LE, {1, side, side}},
          {ShardArray::damage, H5T_STD_U8LE, {1, side, side}},
          {ShardArray::origin, H5T_STD_I32LE, {4}},
          {ShardArray::xxh3, H5T_STD_U64LE, {4}}};
}

}  // namespace dataset
