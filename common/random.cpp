#include "common/random.h"

#include <cmath>
#include <numbers>

#include "common/hash.h"

namespace common {
namespace {

constexpr uint32_t kMultiplier0 = 0xD2511F53, kMultiplier1 = 0xCD9E8D57;
constexpr uint32_t kWeyl0 = 0x9E3779B9, kWeyl1 = 0xBB67AE85;

/// A double in (0, 1): never 0, so that its logarithm is finite.
double open_unit(uint32_t word) { return (word + 0.5) * 0x1p-32; }

/// Two normal deviates of two words (Box and Muller, 1958).
std::array<double, 2> box_muller(uint32_t a, uint32_t b) {
  const double radius = std::sqrt(-2 * std::log(open_unit(a)));
  const double angle = 2 * std::numbers::pi * open_unit(b);
  return {radius * std::cos(angle), radius * std::sin(angle)};
}

}  // namespace

std::array<uint32_t, 4> philox(std::array<uint32_t, 4> counter, std::array<uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const uint64_t product0 = uint64_t{kMultiplier0} * counter[0];
    const uint64_t product1 = uint64_t{kMultiplier1} * counter[2];
    counter = {static_cast<uint32_t>(product1 >> 32) ^ counter[1] ^ key[0],
               static_cast<uint32_t>(product1),
               static_cast<uint32_t>(product0 >> 32) ^ counter[3] ^ key[1],
               static_cast<uint32_t>(product0)};
    key[0] += kWeyl0;
    key[1] += kWeyl1;
  }
  return counter;
}

uint64_t random_key(std::string_view name, std::initializer_list<uint64_t> numbers) {
  Xxh3Stream stream;
  stream.update(name.data(), name.size());
  for (const uint64_t number : numbers) {
    std::array<unsigned char, 8> bytes{};  // little-endian by hand: the same key on any machine
    for (size_t i = 0; i < 8; ++i) bytes[i] = static_cast<unsigned char>(number >> (8 * i));
    stream.update(bytes.data(), bytes.size());
  }
  return stream.digest();
}

uint32_t KeyedRandom::word() {
  if (next_ == 4) {
    words_ =
        philox({static_cast<uint32_t>(block_), static_cast<uint32_t>(block_ >> 32), 0, 0}, key_);
    ++block_;
    next_ = 0;
  }
  return words_[static_cast<size_t>(next_++)];
}

double KeyedRandom::uniform() {
  const uint64_t high = word();
  return static_cast<double>((high << 21) ^ (uint64_t{word()} >> 11)) * 0x1p-53;
}

double KeyedRandom::uniform(double low, double high) { return low + (high - low) * uniform(); }

int64_t KeyedRandom::integer(int64_t count) {
  return static_cast<int64_t>(uniform() * static_cast<double>(count));
}

bool KeyedRandom::chance(double probability) { return uniform() < probability; }

double KeyedRandom::normal() {
  const uint32_t a = word();
  return box_muller(a, word())[0];
}

double KeyedRandom::gamma(double shape, double scale) {
  // Shapes below 1 are lifted by one and brought back by a power of a uniform draw (their remark
  // 3).
  if (shape < 1) {
    const double lift = std::pow(open_unit(word()), 1 / shape);
    return gamma(shape + 1, scale) * lift;
  }
  const double d = shape - 1.0 / 3, c = 1 / std::sqrt(9 * d);
  while (true) {
    const double x = normal();
    const double v = std::pow(1 + c * x, 3);
    if (v > 0 && std::log(open_unit(word())) < 0.5 * x * x + d - d * v + d * std::log(v)) {
      return d * v * scale;
    }
  }
}

}  // namespace common
