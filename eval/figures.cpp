#include "eval/figures.h"

#include <algorithm>

#include "device/torch.h"
#include "model/chroma.h"
#include "model/colour_quality.h"
#include "restore/plane_tensor.h"

namespace eval {
namespace {

using restore::tensor_of;

constexpr double kMarkedAbove = 0.5;

/// The mean of one figure over the pictures that have it; nothing if none has.
std::optional<double> mean_of(const std::vector<Figures>& all,
                              std::optional<double> Figures::*figure) {
  double sum = 0;
  int count = 0;
  for (const Figures& figures : all) {
    if (!(figures.*figure)) continue;
    sum += *(figures.*figure);
    ++count;
  }
  return count == 0 ? std::nullopt : std::optional(sum / count);
}

/// [3,H,W] in [0,1].
at::Tensor rgb_tensor_of(const imaging::Photo& photo) {
  auto* bytes = const_cast<uint8_t*>(photo.rgb.data());  // only read from
  return at::from_blob(bytes, {3, photo.height, photo.width}, at::kByte).to(at::kFloat) / 255;
}

void measure_luma(const EvalTask& task, const EvalSample& sample, const Answer& answer,
                  Figures& figures) {
  const at::Tensor restored = tensor_of(answer.luma), clean = tensor_of(sample.clean);
  figures.psnr = model::psnr(restored, clean);
  figures.ssim = model::ssim(restored, clean);
  if (sample.border) {
    const at::Tensor border = tensor_of(*sample.border);
    figures.border_psnr = model::hole_psnr(restored, clean, border);
    figures.photo_psnr = model::hole_psnr(restored, clean, 1 - border);
  }
  if (answer.damage && task.is_undamaged()) {
    const at::Tensor marked = tensor_of(*answer.damage) > kMarkedAbove;
    figures.false_damage = 100 * marked.to(at::kDouble).mean().item<double>();
  }
  if (!sample.damage) return;
  const at::Tensor damage = tensor_of(*sample.damage);
  figures.hole_psnr = model::hole_psnr(restored, clean, damage);
  if (answer.damage) {
    figures.damage = model::count_damage(tensor_of(*answer.damage) - kMarkedAbove, damage);
  }
}

void measure_colours(const EvalSample& sample, const imaging::Photo& picture, Figures& figures) {
  const at::Tensor coloured = rgb_tensor_of(picture), original = rgb_tensor_of(sample.photo);
  if (!figures.psnr) figures.psnr = model::psnr(coloured, original);
  figures.ciede2000 = model::mean_ciede2000(coloured, original);
  figures.colourfulness = model::colourfulness(coloured);
  figures.colourfulness_of_original = model::colourfulness(original);
}

}  // namespace

Figures figures_of(const EvalTask& task, const EvalSample& sample, const Answer& answer) {
  Figures figures;
  if (task.kind == EvalTask::Kind::colourise) {
    measure_colours(sample, coloured(luma_plane(sample.photo), *answer.chroma), figures);
    return figures;
  }
  measure_luma(task, sample, answer, figures);
  if (answer.chroma && task.has_colours() && !is_gray(sample.photo)) {
    measure_colours(sample, coloured(answer.luma, *answer.chroma), figures);
  }
  return figures;
}

Figures EvalRow::mean() const {
  Figures mean;
  for (const auto figure :
       {&Figures::psnr, &Figures::ssim, &Figures::hole_psnr, &Figures::false_damage,
        &Figures::border_psnr, &Figures::photo_psnr, &Figures::ciede2000, &Figures::colourfulness,
        &Figures::colourfulness_of_original}) {
    mean.*figure = mean_of(figures, figure);
  }
  for (const Figures& one : figures) {
    if (one.false_damage) {
      mean.most_false_damage = std::max(mean.most_false_damage.value_or(0), *one.false_damage);
    }
    if (!one.damage) continue;
    if (!mean.damage) mean.damage.emplace();
    *mean.damage += *one.damage;
  }
  return mean;
}

bool is_gray(const imaging::Photo& photo) {
  const auto channel = static_cast<std::ptrdiff_t>(photo.rgb.size() / 3);
  const auto red = photo.rgb.begin(), green = red + channel, blue = green + channel;
  return std::equal(red, green, green) && std::equal(green, blue, blue);
}

imaging::Photo coloured(const imaging::Plane& luma, const restore::Chroma& chroma) {
  const at::Tensor both = at::stack({tensor_of(chroma.blue), tensor_of(chroma.red)}, 1);
  const at::Tensor rgb = model::rgb_of_luma_and_chroma(tensor_of(luma).unsqueeze(0), both);
  const at::Tensor levels = model::eight_bit(rgb).to(at::kByte).contiguous();
  const auto* bytes = levels.const_data_ptr<uint8_t>();
  return {
      static_cast<int>(luma.width), static_cast<int>(luma.height), {bytes, bytes + levels.numel()}};
}

}  // namespace eval
