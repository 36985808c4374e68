#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

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

/// Which instructions a kernel may use: those of this processor, or those that all have. The
/// results are the same bits.
enum class Instructions { best, baseline };

/// `count` normal deviates (mean 0, variance 1) of the key; the first n of a longer fill are the
/// fill of n. Largest magnitude 5.4: the radius is drawn with 20 bits.
/// Source: Box and Muller, 1958, over Philox4x32-10.
void fill_normal(uint64_t key, float* out, size_t count,
                 Instructions instructions = Instructions::best);

/// values[i] += sigma * deviate i of the key.
void add_normal(uint64_t key, float sigma, float* values, size_t count);

}  // namespace common
