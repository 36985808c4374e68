#include "imaging/row_buffer.h"

#include <algorithm>

#include "imaging/plane.h"

namespace imaging {
namespace {

template <class Sample>
void unpack(const Sample* samples, int64_t width, int channels, float white,
            std::vector<float>& channel) {
  channel.resize(static_cast<size_t>(width));
  for (size_t x = 0; x < channel.size(); ++x, samples += channels) {
    channel[x] = static_cast<float>(*samples) / white;
  }
}

/// The last `extras` channels of each pixel.
template <class Sample>
void unpack_extras(const Sample* samples, const PixelFormat& form, float white,
                   std::vector<float>& extras) {
  extras.clear();
  for (int64_t x = 0; x < form.width && form.extras > 0; ++x) {
    samples += form.channels();
    for (int i = form.extras; i > 0; --i) extras.push_back(static_cast<float>(samples[-i]) / white);
  }
}

template <class Sample>
void unpack_all(const Sample* samples, const PixelFormat& form, float white, RowBuffer& row) {
  const int channels = form.channels();
  // The row may hold what an earlier one left there.
  row.green.clear(), row.blue.clear(), row.alpha.clear();
  unpack(samples, form.width, channels, white, row.red);
  if (form.colours == 3) {
    unpack(samples + 1, form.width, channels, white, row.green);
    unpack(samples + 2, form.width, channels, white, row.blue);
  }
  if (form.has_alpha) unpack(samples + form.colours, form.width, channels, white, row.alpha);
  unpack_extras(samples, form, white, row.extras);
}

/// As std::nearbyint, which is a call: floats of this size have no digits behind the point. Halves
/// to even, as model::psnr rounds: a file has the figures of its plane. 0 <= value <= 65535.
float rounded(float value) {
  constexpr float kWholeNumbers = 3 << 22;
  return (value + kWholeNumbers) - kWholeNumbers;
}

template <class Sample>
Sample level_of(float value, float white) {
  return static_cast<Sample>(static_cast<int>(rounded(std::clamp(value, 0.0F, 1.0F) * white)));
}

template <class Sample>
void pack(const std::vector<float>& channel, int channels, float white, Sample* samples) {
  for (const float value : channel) {
    *samples = level_of<Sample>(value, white);
    samples += channels;
  }
}

template <class Sample>
void pack_all(const RowBuffer& row, const PixelFormat& form, float white, Sample* samples) {
  const int channels = form.channels();
  pack(row.red, channels, white, samples);
  if (form.colours == 3) {
    pack(row.is_gray() ? row.red : row.green, channels, white, samples + 1);
    pack(row.is_gray() ? row.red : row.blue, channels, white, samples + 2);
  }
  if (form.has_alpha) pack(row.alpha, channels, white, samples + form.colours);
  const auto extras = static_cast<size_t>(form.extras);
  for (size_t i = 0; extras > 0 && i < row.extras.size(); ++i) {
    const size_t first = (i / extras + 1) * static_cast<size_t>(channels) - extras;
    samples[first + i % extras] = level_of<Sample>(row.extras[i], white);
  }
}

}  // namespace

void unpack_row(const void* samples, const PixelFormat& form, RowBuffer& row) {
  if (form.bits == 16) {
    unpack_all(static_cast<const uint16_t*>(samples), form, 65535, row);
  } else {
    unpack_all(static_cast<const uint8_t*>(samples), form, 255, row);
  }
}

void pack_row(const RowBuffer& row, const PixelFormat& form, void* samples) {
  if (form.bits == 16) {
    pack_all(row, form, 65535, static_cast<uint16_t*>(samples));
  } else {
    pack_all(row, form, 255, static_cast<uint8_t*>(samples));
  }
}

void luma_of_row(const RowBuffer& row, float* luma) {
  if (row.is_gray()) std::copy(row.red.begin(), row.red.end(), luma);
  for (size_t x = 0; x < row.green.size(); ++x) {
    luma[x] = luma_of(row.red[x], row.green[x], row.blue[x]);
  }
  for (size_t x = 0; x < row.alpha.size(); ++x) {
    luma[x] = row.alpha[x] * luma[x] + (1 - row.alpha[x]);
  }
}

void chroma_of_row(const RowBuffer& row, float* blue, float* red) {
  for (size_t x = 0; x < row.red.size(); ++x) {
    const float luma = luma_of(row.red[x], row.green[x], row.blue[x]);
    blue[x] = (row.blue[x] - luma) / kBlueRange;
    red[x] = (row.red[x] - luma) / kRedRange;
  }
}

Rgb rgb_of(float luma, float chroma_blue, float chroma_red) {
  const float red = luma + kRedRange * chroma_red, blue = luma + kBlueRange * chroma_blue;
  return {red, (luma - kLumaOfRed * red - kLumaOfBlue * blue) / kLumaOfGreen, blue};
}

}  // namespace imaging
