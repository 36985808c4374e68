#include "imaging/png_filters.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "common/hardware.h"

// Debian's libraries undo these filters a byte at a time, which takes them longer than inflating.
namespace imaging {
namespace {

enum class Filter : uint8_t { none, sub, up, average, paeth };

/// One row: `in` as it was stored, `above` the finished row over it, `out` where it goes.
struct Row {
  const uint8_t* in;
  const uint8_t* above;
  uint8_t* out;
  size_t count;  ///< bytes
};

void undo_up(const Row& row) {
  for (size_t i = 0; i < row.count; ++i) {
    row.out[i] = static_cast<uint8_t>(row.in[i] + row.above[i]);
  }
}

uint8_t paeth_predictor(int left, int above, int corner) {
  const int from_left = std::abs(above - corner), from_above = std::abs(left - corner),
            from_corner = std::abs(left + above - 2 * corner);
  if (from_left <= from_above && from_left <= from_corner) return static_cast<uint8_t>(left);
  return static_cast<uint8_t>(from_above <= from_corner ? above : corner);
}

/// Byte by byte, for any number of channels.
void undo_bytes(Filter filter, const Row& row, size_t channels) {
  for (size_t i = 0; i < row.count; ++i) {
    const int left = i < channels ? 0 : row.out[i - channels], above = row.above[i];
    const int corner = i < channels ? 0 : row.above[i - channels];
    int predicted = 0;
    if (filter == Filter::sub) predicted = left;
    if (filter == Filter::average) predicted = (left + above) / 2;
    if (filter == Filter::paeth) predicted = paeth_predictor(left, above, corner);
    row.out[i] = static_cast<uint8_t>(row.in[i] + predicted);
  }
}

// Vectors of GCC and clang, 16 bytes. A pixel's channels lie in the first lanes of 16 bit.
using Bytes16 = uint8_t __attribute__((vector_size(16)));
using Lanes = int16_t __attribute__((vector_size(16)));
using Words = int32_t __attribute__((vector_size(16)));

/// Three bytes are slow to put together: where a fourth can be read, it is, and its lane ignored.
inline __attribute__((always_inline)) Lanes load(const uint8_t* from, size_t count) {
  int32_t pixel = 0;
  std::memcpy(&pixel, from, count);
  const Words words{pixel};
  const auto bytes = reinterpret_cast<Bytes16>(words);
  return reinterpret_cast<Lanes>(__builtin_shufflevector(bytes, Bytes16{}, 0, 16, 1, 17, 2, 18, 3,
                                                         19, 4, 20, 5, 21, 6, 22, 7, 23));
}

template <size_t kChannels>
inline __attribute__((always_inline)) void store(Lanes lanes, uint8_t* to) {
  const auto bytes = reinterpret_cast<Bytes16>(lanes);
  const Bytes16 packed =
      __builtin_shufflevector(bytes, bytes, 0, 2, 4, 6, 0, 2, 4, 6, 0, 2, 4, 6, 0, 2, 4, 6);
  const int32_t pixel = reinterpret_cast<Words>(packed)[0];
  if constexpr (kChannels == 4) {
    std::memcpy(to, &pixel, 4);
  } else {
    const auto first_two = static_cast<uint16_t>(pixel);
    std::memcpy(to, &first_two, 2);
    to[2] = static_cast<uint8_t>(pixel >> 16);
  }
}

inline __attribute__((always_inline)) Lanes magnitude(Lanes x) { return x < 0 ? -x : x; }
inline __attribute__((always_inline)) Lanes smaller(Lanes x, Lanes y) { return x < y ? x : y; }

template <Filter kFilter>
inline __attribute__((always_inline)) Lanes predict(Lanes left, Lanes above, Lanes corner) {
  if (kFilter == Filter::sub) return left;
  if (kFilter == Filter::average) return (left + above) >> 1;
  const Lanes up_step = above - corner, left_step = left - corner;
  const Lanes from_left = magnitude(up_step), from_above = magnitude(left_step);
  const Lanes from_corner = magnitude(up_step + left_step);
  const Lanes nearest = smaller(smaller(from_left, from_above), from_corner);
  return nearest == from_left ? left : nearest == from_above ? above : corner;
}

/// Pixel by pixel, its channels side by side.
template <Filter kFilter, size_t kChannels>
inline __attribute__((always_inline)) void undo_pixels(const Row& row) {
  Lanes left{}, corner{};
  const auto undo_pixel = [&](size_t i, size_t readable) __attribute__((always_inline)) {
    const Lanes above = load(row.above + i, readable);
    const Lanes predicted = predict<kFilter>(left, above, corner);
    // Byte by byte: the sum must not carry into the upper half of a lane.
    left = reinterpret_cast<Lanes>(reinterpret_cast<Bytes16>(load(row.in + i, readable)) +
                                   reinterpret_cast<Bytes16>(predicted));
    corner = above;
    store<kChannels>(left, row.out + i);
  };
  size_t i = 0;
  for (; i + 4 <= row.count; i += kChannels) undo_pixel(i, 4);
  for (; i < row.count; i += kChannels) undo_pixel(i, kChannels);
}

template <Filter kFilter>
inline __attribute__((always_inline)) void undo(const Row& row, size_t channels) {
  if (channels == 3) return undo_pixels<kFilter, 3>(row);
  if (channels == 4) return undo_pixels<kFilter, 4>(row);
  undo_bytes(kFilter, row, channels);
}

}  // namespace

RESTORE_TARGET_CLONES bool unfilter_png(const uint8_t* rows, size_t height, size_t row_bytes,
                                        size_t channels, uint8_t* out) {
  const std::vector<uint8_t> zeros(row_bytes);
  const uint8_t* above = zeros.data();
  for (size_t y = 0; y < height; ++y, rows += 1 + row_bytes) {
    const Row row{rows + 1, above, out + y * row_bytes, row_bytes};
    switch (static_cast<Filter>(rows[0])) {
      case Filter::none: std::copy_n(row.in, row.count, row.out); break;
      case Filter::sub: undo<Filter::sub>(row, channels); break;
      case Filter::up: undo_up(row); break;
      case Filter::average: undo<Filter::average>(row, channels); break;
      case Filter::paeth: undo<Filter::paeth>(row, channels); break;
      default: return false;
    }
    above = row.out;
  }
  return true;
}

}  // namespace imaging
