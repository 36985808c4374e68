#include "dataset/ageing/grain.h"

#include "common/random.h"
#include "dataset/ageing/blur.h"
#include "dataset/ageing/ranges.h"

namespace dataset::ageing {
namespace {

/// A key for a noise field.
uint64_t draw_key(common::KeyedRandom& random) {
  const uint64_t high = random.word();
  return (high << 32) | random.word();
}

/// The standard deviation of white noise of variance 1 after this kernel in x and y.
float deviation_after(const std::vector<float>& kernel) {
  float energy = -kernel[0] * kernel[0];
  for (const float weight : kernel) energy += 2 * weight * weight;
  return energy;  // sqrt(energy of the rows) * sqrt(energy of the columns)
}

}  // namespace

void Grain::validate() const {
  check_probability("grain.probability", probability);
  check_range("grain.sigma", sigma, 0, 100);
  check_range("grain.skew", {skew, skew}, 0.1, 10);
  check_probability("grain.plain", plain);
  check_range("grain.correlation", correlation, 0, 5);
  check_range("grain.tone_dependence", tone_dependence, 0, 1);
}

void apply(const Grain& grain, Canvas& canvas, common::KeyedRandom& random) {
  const double sigma = draw_skewed(grain.sigma, grain.skew, random) / 255;
  if (random.chance(grain.plain)) return add_noise(canvas.gray, sigma, random);

  const auto kernel = gaussian_kernel(draw(grain.correlation, random) * canvas.unit);
  const auto dependence = static_cast<float>(draw(grain.tone_dependence, random));
  Channel field(canvas.gray.width, canvas.gray.height);
  common::fill_normal(draw_key(random), field.values.data(), field.values.size());
  smooth(field, kernel);
  const float scale = static_cast<float>(sigma) / deviation_after(kernel);
  for (size_t i = 0; i < field.values.size(); ++i) {
    float& gray = canvas.gray.values[i];
    const float off_middle = 2 * gray - 1;  // -1 in black, 1 in white
    gray += field.values[i] * scale * (1 - dependence * off_middle * off_middle);
  }
}

void add_noise(Channel& plane, double sigma, common::KeyedRandom& random) {
  common::add_normal(draw_key(random), static_cast<float>(sigma), plane.values.data(),
                     plane.values.size());
}

}  // namespace dataset::ageing
