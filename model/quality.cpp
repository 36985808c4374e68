#include "model/quality.h"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "common/error.h"
#include "device/torch.h"

namespace model {
namespace {

constexpr double kPsnrOfEqual = 100;
constexpr double kDamagedOpacity = 0.5;
constexpr int64_t kWindow = 11;
constexpr double kSigma = 1.5, kPeak = 255;
constexpr double kC1 = (0.01 * kPeak) * (0.01 * kPeak), kC2 = (0.03 * kPeak) * (0.03 * kPeak);

void require(bool fits, const char* what, const at::Tensor& a, const at::Tensor& b) {
  if (fits && a.sizes() == b.sizes()) return;
  std::ostringstream message;
  message << what << " of two equal shapes, got " << a.sizes() << " and " << b.sizes();
  throw common::internal_error(message.str());
}

double decibels(double mse) {
  return mse == 0 ? kPsnrOfEqual : 10 * std::log10(kPeak * kPeak / mse);
}

/// [1,1,11,1]; the window is this times its transpose.
at::Tensor gaussian_column() {
  const at::Tensor column = at::empty({1, 1, kWindow, 1}, at::kDouble);
  auto* weights = column.mutable_data_ptr<double>();
  double sum = 0;
  for (int64_t i = 0; i < kWindow; ++i) {
    const auto distance = static_cast<double>(i - kWindow / 2);
    weights[i] = std::exp(-distance * distance / (2 * kSigma * kSigma));
    sum += weights[i];
  }
  return column / sum;
}

at::Tensor blur(const at::Tensor& x, const at::Tensor& column) {
  return at::conv2d(at::conv2d(x, column), column.transpose(2, 3));
}

}  // namespace

at::Tensor eight_bit(const at::Tensor& picture) {
  return at::round(picture.detach().to(at::kDouble).clamp(0, 1) * kPeak);
}

double psnr(const at::Tensor& a, const at::Tensor& b) {
  require(a.dim() == 3, "psnr takes [C,H,W]", a, b);
  return decibels((eight_bit(a) - eight_bit(b)).square().mean().item<double>());
}

std::optional<double> hole_psnr(const at::Tensor& a, const at::Tensor& b,
                                const at::Tensor& damage) {
  require(a.dim() == 3, "hole_psnr takes [C,H,W]", a, b);
  require(true, "hole_psnr takes damage [1,H,W] and pictures", damage, a.narrow(0, 0, 1));
  const at::Tensor hole = damage >= kDamagedOpacity;
  const auto num_pixels = static_cast<double>(hole.sum().item<int64_t>() * a.size(0));
  if (num_pixels == 0) return std::nullopt;
  const at::Tensor errors = (eight_bit(a) - eight_bit(b)).square();
  return decibels((errors * hole).sum().item<double>() / num_pixels);
}

double ssim(const at::Tensor& a, const at::Tensor& b) {
  require(a.dim() == 3 && a.size(0) == 1 && std::min(a.size(1), a.size(2)) >= kWindow,
          "ssim takes [1,H,W], at least 11x11,", a, b);
  const at::NoGradGuard no_grad;
  const at::Tensor column = gaussian_column();
  const at::Tensor x = eight_bit(a).cpu().unsqueeze(0), y = eight_bit(b).cpu().unsqueeze(0);
  const at::Tensor mean_x = blur(x, column), mean_y = blur(y, column);
  const at::Tensor variance_x = blur(x * x, column) - mean_x * mean_x;
  const at::Tensor variance_y = blur(y * y, column) - mean_y * mean_y;
  const at::Tensor covariance = blur(x * y, column) - mean_x * mean_y;
  const at::Tensor index =
      (2 * mean_x * mean_y + kC1) * (2 * covariance + kC2) /
      ((mean_x.square() + mean_y.square() + kC1) * (variance_x + variance_y + kC2));
  return index.mean().item<double>();
}

DamageCounts& DamageCounts::operator+=(const DamageCounts& other) {
  hits += other.hits;
  false_alarms += other.false_alarms;
  misses += other.misses;
  return *this;
}

double DamageCounts::f1() const {
  const int64_t wrong = false_alarms + misses;
  if (hits + wrong == 0) return 1;
  return 2 * static_cast<double>(hits) / static_cast<double>(2 * hits + wrong);
}

double DamageCounts::iou() const {
  const int64_t all = hits + false_alarms + misses;
  return all == 0 ? 1 : static_cast<double>(hits) / static_cast<double>(all);
}

DamageCounts count_damage(const at::Tensor& logits, const at::Tensor& damage) {
  require(true, "count_damage takes tensors", logits, damage);
  const at::Tensor marked = logits.detach() > 0, damaged = damage >= kDamagedOpacity;
  const auto count = [](const at::Tensor& pixels) { return pixels.sum().item<int64_t>(); };
  const int64_t hits = count(marked & damaged);
  return {hits, count(marked) - hits, count(damaged) - hits};
}

}  // namespace model
