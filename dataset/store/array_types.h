#pragma once

#include <hdf5.h>

#include <cstdint>
#include <vector>

#include "dataset/store/sample.h"

namespace dataset {

/// How an array of a shard is declared to HDF5.
struct ArrayType {
  ShardArray array;
  hid_t type;
  std::vector<hsize_t> shape;  ///< one sample's; the samples stand in front of it

  size_t sample_bytes() const;

  /// [samples, one sample's shape].
  std::vector<hsize_t> shape_of(int64_t samples) const;
};

/// The arrays of shards with patches of P x P pixels, in the order in which they lie in the file.
std::vector<ArrayType> array_types(int64_t patch);

}  // namespace dataset
