#pragma once

#include <cstddef>
#include <cstdint>

namespace imaging {

/// Undoes the filters of PNG's rows, of pixels of 8 bit a channel.
/// Shapes: rows [height, 1 + row_bytes], a filter byte in front of each; out [height, row_bytes].
/// Returns false if a filter is none of PNG's five.
/// Source: ISO/IEC 15948, 9.2.
bool unfilter_png(const uint8_t* rows, size_t height, size_t row_bytes, size_t channels,
                  uint8_t* out);

}  // namespace imaging
