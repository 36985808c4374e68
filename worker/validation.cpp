#include "worker/validation.h"

#include <algorithm>

#include "dataset/sampling/load_samples.h"
#include "device/torch.h"
#include "model/chroma.h"
#include "model/quality.h"
#include "worker/prefetcher.h"

namespace worker {
namespace {

int64_t num_validated(const dataset::Store& store, const ValidationConfig& config) {
  const int64_t all = store.num_samples(dataset::Split::valid);
  return config.samples > 0 ? std::min(all, config.samples) : all;
}

/// What is compared of a batch, on the CPU: luma [N,1,H,W], or colour [N,3,H,W] if the network only
/// colours.
struct Comparison {
  at::Tensor aged, restored, clean;
  at::Tensor damage_logits;  ///< [N,1,H,W]
};

Comparison restore_batch(model::Network& network, const BatchTensors& batch) {
  const model::Restoration restored = network.forward(batch.aged.to(network.device()));
  const at::Tensor luma = restored.luma.cpu();
  // A network without this output finds no damage.
  const at::Tensor logits =
      restored.damage_logits.defined() ? restored.damage_logits.cpu() : at::full_like(luma, -1);
  if (!restored.colour_logits.defined()) return {batch.aged, luma, batch.target.luma, logits};
  const at::Tensor chroma = model::upsample_chroma(restored.chroma.cpu(), luma);
  return {batch.aged.expand({-1, 3, -1, -1}), model::rgb_of_luma_and_chroma(luma, chroma),
          model::rgb_of_luma_and_chroma(batch.target.luma, batch.target.chroma), logits};
}

double mean_of_row(const at::Tensor& values, int64_t row) {
  const auto cells = values.accessor<double, 2>();
  double sum = 0;
  for (int64_t i = 0; i < values.size(1); ++i) sum += cells[row][i];
  return sum / static_cast<double>(values.size(1));
}

}  // namespace

checkpoints::ValidationMetrics validate(comm::Group& group, model::Network& network,
                                        const dataset::Store& store,
                                        const ValidationConfig& config) {
  const at::NoGradGuard no_grad;
  const int64_t num_samples = num_validated(store, config);
  // PSNR of each patch, restored in row 0 and aged in row 1; 0 for patches of other workers.
  at::Tensor values = at::zeros({2, num_samples}, at::kDouble);
  model::DamageCounts counts;
  auto cells = values.accessor<double, 2>();
  for (int64_t first = group.rank() * config.batch; first < num_samples;
       first += group.size() * config.batch) {
    const BatchTensors tensors = tensors_of(
        dataset::load_validation(store, first, std::min(config.batch, num_samples - first)));
    const Comparison batch = restore_batch(network, tensors);
    for (int64_t i = 0; i < tensors.aged.size(0); ++i) {
      cells[0][first + i] = model::psnr(batch.restored[i], batch.clean[i]);
      cells[1][first + i] = model::psnr(batch.aged[i], batch.clean[i]);
    }
    counts += model::count_damage(batch.damage_logits, tensors.target.damage);
  }
  group.all_reduce_sum(values);  // exact: a patch's value is added to zeros
  at::Tensor sums = at::zeros({3}, at::kLong);
  auto sum = sums.accessor<int64_t, 1>();
  sum[0] = counts.hits, sum[1] = counts.false_alarms, sum[2] = counts.misses;
  group.all_reduce_sum(sums);
  const model::DamageCounts total{sum[0], sum[1], sum[2]};
  return {/*step=*/0, mean_of_row(values, 0), mean_of_row(values, 1), total.f1()};
}

std::vector<EncodedPicture> sample_pictures(model::Network& network, const dataset::Store& store,
                                            int64_t count) {
  const at::NoGradGuard no_grad;
  std::vector<EncodedPicture> pictures;
  const int64_t shown = std::min(count, store.num_samples(dataset::Split::valid));
  for (int64_t i = 0; i < shown; ++i) {
    const Comparison batch =
        restore_batch(network, tensors_of(dataset::load_validation(store, i, 1)));
    pictures.push_back(side_by_side({batch.aged[0], batch.restored[0], batch.clean[0]}));
  }
  return pictures;
}

}  // namespace worker
