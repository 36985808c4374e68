#include "dataset/sampling/sample_order.h"

#include <bit>
#include <string>

#include "common/error.h"
#include "common/random.h"

namespace dataset {
namespace {

// Four rounds make a strong pseudorandom permutation of a large domain (Luby and Rackoff, 1988). A
// store of a hundred samples has halves of three bits, which need a few more rounds to mix well.
constexpr uint32_t kRounds = 8;

uint64_t mask(int bits) { return (uint64_t{1} << bits) - 1; }

uint64_t round_function(uint64_t half, uint32_t round, uint64_t key) {
  const auto words =
      common::philox({static_cast<uint32_t>(half), static_cast<uint32_t>(half >> 32), round, 0},
                     {static_cast<uint32_t>(key), static_cast<uint32_t>(key >> 32)});
  return uint64_t{words[1]} << 32 | words[0];
}

}  // namespace

SampleOrder::SampleOrder(int64_t count, uint64_t seed, uint64_t epoch)
    : count_(static_cast<uint64_t>(count)), key_(common::random_key("epoch", {seed, epoch})) {
  if (count < 1) {
    throw common::usage_error("there is no order of " + std::to_string(count) +
                              " samples; at least one was expected");
  }
  const auto bits = static_cast<int>(std::bit_width(count_ - 1));
  low_bits_ = bits / 2;
  high_bits_ = bits - low_bits_;
}

uint64_t SampleOrder::encrypt(uint64_t value) const {
  uint64_t low = value & mask(low_bits_);
  uint64_t high = value >> low_bits_;
  for (uint32_t round = 0; round < kRounds; ++round) {
    // A half is changed by a function of the other one; the same step again would undo it.
    if (round % 2 == 0) {
      high ^= round_function(low, round, key_) & mask(high_bits_);
    } else {
      low ^= round_function(high, round, key_) & mask(low_bits_);
    }
  }
  return high << low_bits_ | low;
}

int64_t SampleOrder::at(int64_t position) const {
  uint64_t value = encrypt(static_cast<uint64_t>(position));
  while (value >= count_) value = encrypt(value);
  return static_cast<int64_t>(value);
}

}  // namespace dataset
