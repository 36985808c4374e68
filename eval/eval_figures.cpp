#include "eval/eval_figures.h"

#include "device/torch.h"
#include "eval/eval_colour.h"
#include "model/colour_quality.h"
#include "restore/plane_tensor.h"

namespace eval {
namespace {

constexpr double kMarkedAbove = 0.5;

/// The mean of one figure over the pictures that have it; nothing if none has.
class Mean {
 public:
  void add(const std::optional<double>& figure) {
    if (!figure) return;
    sum_ += *figure;
    ++count_;
  }
  std::optional<double> value() const {
    if (count_ == 0) return std::nullopt;
    return sum_ / count_;
  }

 private:
  double sum_ = 0;
  int count_ = 0;
};

std::optional<double> mean_of(const std::vector<Figures>& all,
                              std::optional<double> Figures::*figure) {
  Mean mean;
  for (const Figures& figures : all) mean.add(figures.*figure);
  return mean.value();
}

}  // namespace

Figures gray_figures(const Sample& sample, const imaging::Plane& picture) {
  const at::Tensor restored = restore::tensor_of(picture), clean = restore::tensor_of(sample.clean);
  Figures figures;
  figures.psnr = model::psnr(restored, clean);
  figures.ssim = model::ssim(restored, clean);
  if (sample.damage) {
    figures.hole_psnr = model::hole_psnr(restored, clean, restore::tensor_of(*sample.damage));
  }
  return figures;
}

model::DamageCounts damage_figures(const Sample& sample, const imaging::Plane& probability) {
  return model::count_damage(restore::tensor_of(probability) - kMarkedAbove,
                             restore::tensor_of(*sample.damage));
}

Figures colour_figures(const Sample& sample, const imaging::Photo& picture) {
  const at::Tensor coloured = restore::rgb_tensor_of(picture),
                   original = restore::rgb_tensor_of(sample.photo);
  Figures figures;
  figures.psnr = model::psnr(coloured, original);
  figures.ciede2000 = model::mean_ciede2000(coloured, original);
  figures.colourfulness = model::colourfulness(coloured);
  figures.colourfulness_of_original = model::colourfulness(original);
  return figures;
}

Figures gray_and_colour_figures(const Sample& sample, const imaging::Plane& luma,
                                const restore::Chroma& chroma) {
  const Figures gray = gray_figures(sample, luma);
  Figures figures = colour_figures(sample, coloured(luma, chroma));
  figures.psnr = gray.psnr;
  figures.ssim = gray.ssim;
  figures.hole_psnr = gray.hole_psnr;
  return figures;
}

Figures EvalRow::mean() const {
  Figures mean;
  for (const auto figure :
       {&Figures::psnr, &Figures::ssim, &Figures::hole_psnr, &Figures::ciede2000,
        &Figures::colourfulness, &Figures::colourfulness_of_original}) {
    mean.*figure = mean_of(figures, figure);
  }
  for (const Figures& one : figures) {
    if (!one.damage) continue;
    if (!mean.damage) mean.damage.emplace();
    *mean.damage += *one.damage;
  }
  return mean;
}

}  // namespace eval
