#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace common {

/// Four 32-bit words of Philox4x32-10: a pure function of counter and key.
/// Source: Salmon et al., 2011, "Parallel random numbers: as easy as 1, 2, 3".
std::array<uint32_t, 4> philox(std::array<uint32_t, 4> counter, std::array<uint32_t, 2> key);

/// A 64-bit key made of several numbers and a name: the same everywhere, independent of order of
/// use.
uint64_t random_key(std::string_view name, std::initializer_list<uint64_t> numbers);

/// A stream of draws that depends on its key alone: neither threads nor workers nor order change a
/// draw.
class KeyedRandom {
 public:
  explicit KeyedRandom(uint64_t key)
      : key_{static_cast<uint32_t>(key), static_cast<uint32_t>(key >> 32)} {}

  uint32_t word();
  double uniform();                          ///< in [0, 1)
  double uniform(double low, double high);   ///< in [low, high)
  int64_t integer(int64_t count);            ///< in 0 .. count-1; count >= 1
  bool chance(double probability);           ///< true with that probability
  double normal();                           ///< mean 0, variance 1
  double gamma(double shape, double scale);  ///< Marsaglia and Tsang, 2000

 private:
  std::array<uint32_t, 2> key_;
  uint64_t block_ = 0;
  std::array<uint32_t, 4> words_{};
  int next_ = 4;
};

}  // namespace common
