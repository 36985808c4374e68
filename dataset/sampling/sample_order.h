#pragma once

#include <cstdint>

namespace dataset {

/// The order of one epoch: a keyed bijection of 0 .. count-1. Nothing is shuffled in memory, and
/// the whole state of the data is the number of samples consumed.
/// A Feistel network over the next power of two; results outside are fed in again until one is
/// inside (cycle walking). Source: Black and Rogaway, 2002, "Ciphers with arbitrary finite
/// domains".
class SampleOrder {
 public:
  SampleOrder(int64_t count, uint64_t seed, uint64_t epoch);

  /// Which sample stands at `position`; both in 0 .. count-1.
  int64_t at(int64_t position) const;

 private:
  uint64_t encrypt(uint64_t value) const;
  uint64_t count_, key_;
  int low_bits_ = 0, high_bits_ = 0;
};

}  // namespace dataset
