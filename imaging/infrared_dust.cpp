#include "imaging/infrared_dust.h"

#include <algorithm>
#include <array>
#include <functional>

#include "common/error.h"
#include "imaging/plane.h"

namespace imaging {
namespace {

constexpr int64_t kScale = 8;        // pixels that are taken together
constexpr int64_t kAround = 4;       // of these, to each side: wider than dust and scratches
constexpr float kStep = 1 / 200.0F;  // of a ratio, as it is kept in a byte
constexpr double kLeastDrop = 0.1, kNoise = 5;  // in standard deviations
constexpr float kBlack = 0.004F;

/// The rows of a gray picture as floats from 0 to 1.
void for_each_row(const ImageFile& file, const vips::Image& picture,
                  const std::function<void(int64_t y, const float* values)>& take) {
  const int width = vips_image_get_width(picture.get());
  const int height = vips_image_get_height(picture.get());
  const bool is_wide = vips_image_get_format(picture.get()) == VIPS_FORMAT_USHORT;
  const std::unique_ptr<VipsRegion, vips::Unref> region(vips_region_new(picture.get()));
  std::vector<float> values(static_cast<size_t>(width));
  for (int y = 0; y < height; ++y) {
    const VipsRect strip{0, y, width, 1};
    if (vips_region_prepare(region.get(), &strip) != 0) vips::refuse(file.path());
    const void* row = VIPS_REGION_ADDR(region.get(), 0, y);
    for (size_t x = 0; x < values.size(); ++x) {
      values[x] = is_wide ? static_cast<const uint16_t*>(row)[x] / 65535.0F
                          : static_cast<const uint8_t*>(row)[x] / 255.0F;
    }
    take(y, values.data());
  }
}

/// The median of each place's surroundings: what dust does not reach.
Plane median_of(const Plane& small) {
  Plane medians(small.height, small.width);
  std::vector<float> around;
  for (int64_t y = 0; y < small.height; ++y) {
    for (int64_t x = 0; x < small.width; ++x) {
      around.clear();
      for (int64_t v = std::max<int64_t>(0, y - kAround);
           v <= std::min(small.height - 1, y + kAround); ++v) {
        const float* row = small.row(v);
        around.insert(around.end(), row + std::max<int64_t>(0, x - kAround),
                      row + std::min(small.width, x + kAround + 1));
      }
      const auto middle = around.begin() + static_cast<int64_t>(around.size() / 2);
      std::nth_element(around.begin(), middle, around.end());
      medians.row(y)[x] = *middle;
    }
  }
  return medians;
}

/// A row of the large picture, between the middles of the small one's pixels.
void enlarge(const Plane& small, int64_t y, std::vector<float>& values) {
  const auto place = [](int64_t i, int64_t length) {
    const float at = (static_cast<float>(i) + 0.5F) / kScale - 0.5F;
    return std::clamp(at, 0.0F, static_cast<float>(length - 1));
  };
  const float down = place(y, small.height);
  const auto top = static_cast<int64_t>(down);
  const float* above = small.row(top);
  const float* below = small.row(std::min(top + 1, small.height - 1));
  for (size_t i = 0; i < values.size(); ++i) {
    const float right = place(static_cast<int64_t>(i), small.width);
    const auto left = static_cast<int64_t>(right);
    const int64_t next = std::min(left + 1, small.width - 1);
    const float part = right - static_cast<float>(left), lower = down - static_cast<float>(top);
    values[i] = (1 - lower) * ((1 - part) * above[left] + part * above[next]) +
                lower * ((1 - part) * below[left] + part * below[next]);
  }
}

/// The ratio below which a pixel is dirt, from how many have which.
size_t threshold_of(const std::array<int64_t, 256>& counts, int64_t total) {
  const auto middle = [&](auto&& count_at) {
    int64_t below = 0;
    size_t i = 0;
    while (i < 255 && (below += count_at(i)) * 2 < total) ++i;
    return i;
  };
  const size_t median = middle([&](size_t i) { return counts[i]; });
  const size_t deviation = middle([&](size_t i) {
    const int64_t above = median + i < 256 ? counts[median + i] : 0;
    return above + (i > 0 && median >= i ? counts[median - i] : 0);
  });
  const double noise = 1.4826 * (static_cast<double>(deviation) + 0.5) * double{kStep};
  const double level = static_cast<double>(median) * double{kStep};
  const double drop = std::max(kLeastDrop, kNoise * noise);
  return static_cast<size_t>(std::max(0.0, (level - drop) / double{kStep}));
}

/// Each pixel beside a marked one is marked: the edges of dirt are soft.
void dilate(InfraredDust& dust) {
  const auto width = static_cast<size_t>(dust.width), height = static_cast<size_t>(dust.height);
  std::vector<uint8_t> above(width), row(width);
  for (size_t y = 0; y < height; ++y) {
    uint8_t* here = dust.marks.data() + y * width;
    const uint8_t* below = y + 1 < height ? here + width : here;
    row.assign(here, here + width);
    for (size_t x = 0; x < width; ++x) {
      const size_t first = x == 0 ? 0 : x - 1, last = std::min(x + 1, width - 1);
      for (size_t i = first; i <= last; ++i) {
        if (above[i] != 0 || row[i] != 0 || below[i] != 0) here[x] = 1;
      }
    }
    above.swap(row);
  }
}

}  // namespace

InfraredDust find_infrared_dust(const ImageFile& file) {
  const vips::Image infrared = file.open_infrared();
  if (!infrared) {
    throw common::usage_error(file.path().string() +
                              " has no infrared channel or page: --infrared is for scans of film "
                              "that have one");
  }
  const int64_t width = file.form().width, height = file.form().height;
  BoxDownsample box(height, width, kScale);
  for_each_row(file, infrared, [&](int64_t y, const float* values) { box.add(y, values); });
  const Plane surroundings = median_of(box.finish());
  InfraredDust dust{width, height, std::vector<uint8_t>(static_cast<size_t>(width * height)), 0};
  std::vector<float> expected(static_cast<size_t>(width));
  std::array<int64_t, 256> counts{};
  for_each_row(file, file.open_infrared(), [&](int64_t y, const float* values) {
    enlarge(surroundings, y, expected);
    uint8_t* ratios = dust.marks.data() + y * width;
    for (size_t x = 0; x < expected.size(); ++x) {
      // Where the frame of the film is black, nothing can be darker.
      const float ratio = expected[x] < kBlack ? 1 : values[x] / expected[x];
      ratios[x] = static_cast<uint8_t>(std::min(255.0F, ratio / kStep));
      ++counts[ratios[x]];
    }
  });
  const size_t threshold = threshold_of(counts, width * height);
  for (uint8_t& mark : dust.marks) mark = mark < threshold;
  dilate(dust);
  dust.share = static_cast<double>(std::count(dust.marks.begin(), dust.marks.end(), 1)) /
               static_cast<double>(dust.marks.size());
  return dust;
}

}  // namespace imaging
