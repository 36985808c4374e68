#include "dataset/ageing/scan.h"

#include <algorithm>
#include <cmath>

#include "dataset/ageing/draw.h"
#include "dataset/ageing/grain.h"
#include "dataset/ageing/jpeg.h"
#include "dataset/ageing/limits.h"
#include "dataset/ageing/resize.h"
#include "dataset/ageing/smoothing.h"

namespace dataset::ageing {

void Scan::validate() const {
  check_probability("scan.probability", probability);
  check_range("scan.blur", blur, 0, 10);
  check_range("scan.noise", noise, 0, 50);
  check_range("scan.resize", resize, 0.1, 1);
  check_probability("scan.resized", resized);
  check_range("scan.jpeg_quality", jpeg_quality, 1, 100);
}

void apply(const Scan& scan, Canvas& canvas, common::KeyedRandom& random) {
  Plane& gray = canvas.gray;
  smooth(gray, gaussian_kernel(draw(scan.blur, random) * canvas.unit));
  add_noise(gray, draw(scan.noise, random) / 255, random);
  const bool is_resized = random.chance(scan.resized);
  const double scale = draw(scan.resize, random);
  if (is_resized) {
    const int width = std::max(1, static_cast<int>(std::lround(gray.width * scale)));
    const int height = std::max(1, static_cast<int>(std::lround(gray.height * scale)));
    gray = resize(resize(gray, width, height), gray.width, gray.height);
  }
  const auto [worst, best] = scan.jpeg_quality;
  const double quality = best - (best - worst) * draw_skewed({0, 1}, 2, random);
  gray = through_jpeg(gray, static_cast<int>(std::lround(quality)));
}

}  // namespace dataset::ageing
