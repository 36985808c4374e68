#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "common/random.h"

// Compiled with -ffp-contract=off (CMakeLists.txt): a fused multiply-add would round otherwise, and
// other instructions would give other bits. Everything here is +, -, *, sqrt and integers, which
// IEEE 754 rounds alike everywhere; no function of libm, which differs between versions.
#define RESTORE_INLINE inline __attribute__((always_inline))
#if defined(__x86_64__)
#include <immintrin.h>
#define RESTORE_AVX2 __attribute__((target("avx2")))
#endif

namespace common {
namespace {

constexpr uint32_t kMultiplier0 = 0xD2511F53, kMultiplier1 = 0xCD9E8D57;
constexpr uint32_t kWeyl0 = 0x9E3779B9, kWeyl1 = 0xBB67AE85;
constexpr int kRounds = 10;

constexpr size_t kLanes = 8;            // Philox blocks side by side: one AVX2 register a word
constexpr size_t kGroup = 8 * kLanes;   // deviates that they give, two a word
constexpr size_t kPiece = 16 * kGroup;  // deviates that stay in the first-level cache
using Words = std::array<uint32_t, kLanes>;

/// Philox4x32-10 of kLanes consecutive counters, the words of a kind side by side. Counter word 2
/// is 1: KeyedRandom has 0 there, so that a key never gives both the same words.
RESTORE_INLINE void philox_lanes(uint64_t first_block, uint64_t key, std::array<Words, 4>& words) {
  for (size_t lane = 0; lane < kLanes; ++lane) {
    const uint64_t block = first_block + lane;
    words[0][lane] = static_cast<uint32_t>(block);
    words[1][lane] = static_cast<uint32_t>(block >> 32);
    words[2][lane] = 1;
    words[3][lane] = 0;
  }
  auto key0 = static_cast<uint32_t>(key), key1 = static_cast<uint32_t>(key >> 32);
  for (int round = 0; round < kRounds; ++round, key0 += kWeyl0, key1 += kWeyl1) {
    for (size_t lane = 0; lane < kLanes; ++lane) {
      const uint64_t product0 = uint64_t{kMultiplier0} * words[0][lane];
      const uint64_t product1 = uint64_t{kMultiplier1} * words[2][lane];
      words[0][lane] = static_cast<uint32_t>(product1 >> 32) ^ words[1][lane] ^ key0;
      words[1][lane] = static_cast<uint32_t>(product1);
      words[2][lane] = static_cast<uint32_t>(product0 >> 32) ^ words[3][lane] ^ key1;
      words[3][lane] = static_cast<uint32_t>(product0);
    }
  }
}

/// Natural logarithm of a normal number in (0,1), to 1e-7: x = m 2^e with m in [sqrt(1/2),
/// sqrt(2)), ln m = 2 artanh((m-1)/(m+1)).
RESTORE_INLINE float logarithm(float x) {
  const uint32_t bits = std::bit_cast<uint32_t>(x) - 0x3F3504F3U;  // of sqrt(1/2)
  const auto exponent = static_cast<float>(static_cast<int32_t>(bits) >> 23);
  const auto m = std::bit_cast<float>((bits & 0x007FFFFFU) + 0x3F3504F3U);
  const float s = (m - 1) / (m + 1), z = s * s;
  const float series = ((1.0F / 9 * z + 1.0F / 7) * z + 1.0F / 5) * z + 1.0F / 3;
  return exponent * 0.69314718F + (2 * s + 2 * s * z * series);
}

/// Two deviates of a word: the radius from its upper 20 bits, the angle from its lower 12. So few
/// angles do no harm: evenly spaced, they give every moment below the 4096th exactly.
RESTORE_INLINE void box_muller(uint32_t word, float& first, float& second) {
  const float unit = (static_cast<float>(static_cast<int32_t>(word >> 12)) + 0.5F) * 0x1p-20F;
  const float radius = std::sqrt(-2 * logarithm(unit));
  // The angle is a quarter turn (2 bits) and t in [-1/2, 1/2) quarters more.
  const float t = static_cast<float>(static_cast<int32_t>(word & 0x3FF) - 0x200) * 0x1p-10F;
  const float u = t * t;
  const float sine =
      t * (1.57079633F + u * (-0.645964098F + u * (0.0796926262F + u * -0.00468175414F)));
  const float cosine =
      1 + u * (-1.23370055F + u * (0.253669508F + u * (-0.0208634807F + u * 0.000919260274F)));
  const uint32_t quarter = word >> 10 & 3;
  const bool swap = (quarter & 1) != 0;
  const uint32_t flip_sine = quarter & 2, flip_cosine = (quarter + 1) & 2;
  const uint32_t s = std::bit_cast<uint32_t>(sine), c = std::bit_cast<uint32_t>(cosine);
  const uint32_t swapped_sine = swap ? c : s, swapped_cosine = swap ? s : c;
  first = radius * std::bit_cast<float>(swapped_cosine ^ flip_cosine << 30);
  second = radius * std::bit_cast<float>(swapped_sine ^ flip_sine << 30);
}

/// The deviates of one group from its words.
RESTORE_INLINE void write_group(const std::array<Words, 4>& words, float* out) {
  for (size_t word = 0; word < words.size(); ++word, out += 2 * kLanes) {
    for (size_t lane = 0; lane < kLanes; ++lane) {
      box_muller(words[word][lane], out[lane], out[kLanes + lane]);
    }
  }
}

void fill_baseline(uint64_t key, uint64_t first_block, float* out, size_t groups) {
  std::array<Words, 4> words;
  for (size_t group = 0; group < groups; ++group) {
    philox_lanes(first_block + group * kLanes, key, words);
    write_group(words, out + group * kGroup);
  }
}

#if defined(__x86_64__)
/// By hand, four times as fast: compilers do not find that the 32 x 32 bit products of even and of
/// odd lanes need no shuffling.
struct PhiloxAvx2 {
  struct Halves {
    __m256i high, low;
  };
  static RESTORE_AVX2 RESTORE_INLINE Halves multiply(__m256i lanes, __m256i by) {
    const __m256i even = _mm256_mul_epu32(lanes, by);
    const __m256i odd = _mm256_mul_epu32(_mm256_srli_epi64(lanes, 32), by);
    return {_mm256_blend_epi32(_mm256_srli_epi64(even, 32), odd, 0xAA),
            _mm256_blend_epi32(even, _mm256_slli_epi64(odd, 32), 0xAA)};
  }

  static RESTORE_AVX2 RESTORE_INLINE void draw(uint64_t first_block, uint64_t key,
                                               std::array<Words, 4>& words) {
    // Eight consecutive blocks share their upper word: first_block is a multiple of eight.
    __m256i word0 = _mm256_add_epi32(all(static_cast<uint32_t>(first_block)),
                                     _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
    __m256i word1 = all(static_cast<uint32_t>(first_block >> 32));
    __m256i word2 = all(1), word3 = all(0);
    auto key0 = static_cast<uint32_t>(key), key1 = static_cast<uint32_t>(key >> 32);
    for (int round = 0; round < kRounds; ++round, key0 += kWeyl0, key1 += kWeyl1) {
      const Halves product0 = multiply(word0, all(kMultiplier0));
      const Halves product1 = multiply(word2, all(kMultiplier1));
      word0 = _mm256_xor_si256(_mm256_xor_si256(product1.high, word1), all(key0));
      word1 = product1.low;
      word2 = _mm256_xor_si256(_mm256_xor_si256(product0.high, word3), all(key1));
      word3 = product0.low;
    }
    store(word0, words[0]);
    store(word1, words[1]);
    store(word2, words[2]);
    store(word3, words[3]);
  }

 private:
  static RESTORE_AVX2 RESTORE_INLINE __m256i all(uint32_t word) {
    return _mm256_set1_epi32(static_cast<int32_t>(word));
  }
  static RESTORE_AVX2 RESTORE_INLINE void store(__m256i lanes, Words& words) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(words.data()), lanes);
  }
};

RESTORE_AVX2 void fill_avx2(uint64_t key, uint64_t first_block, float* out, size_t groups) {
  std::array<Words, 4> words;
  for (size_t group = 0; group < groups; ++group) {
    PhiloxAvx2::draw(first_block + group * kLanes, key, words);
    write_group(words, out + group * kGroup);
  }
}
#endif

using Fill = void (*)(uint64_t, uint64_t, float*, size_t);

Fill fill_for(Instructions instructions) {
#if defined(__x86_64__)
  if (instructions == Instructions::best && __builtin_cpu_supports("avx2") != 0) return fill_avx2;
#endif
  return fill_baseline;
}

}  // namespace

void fill_normal(uint64_t key, float* out, size_t count, Instructions instructions) {
  const Fill fill = fill_for(instructions);
  const size_t groups = count / kGroup, rest = count % kGroup;
  fill(key, 0, out, groups);
  if (rest == 0) return;
  std::array<float, kGroup> last;
  fill(key, groups * kLanes, last.data(), 1);
  std::copy_n(last.begin(), rest, out + groups * kGroup);
}

void add_normal(uint64_t key, float sigma, float* values, size_t count) {
  const Fill fill = fill_for(Instructions::best);
  std::array<float, kPiece> noise;
  for (size_t done = 0; done < count; done += kPiece) {
    const size_t length = std::min(kPiece, count - done);
    fill(key, done / 8, noise.data(), (length + kGroup - 1) / kGroup);
    for (size_t i = 0; i < length; ++i) values[done + i] += sigma * noise[i];
  }
}

}  // namespace common
