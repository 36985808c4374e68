#include "dataset/sampling/load_samples.h"

#include <algorithm>
#include <string>
#include <vector>

#include "common/error.h"
#include "common/random.h"
#include "dataset/ageing/grain.h"
#include "dataset/sampling/sample_order.h"
#include "dataset/sampling/sample_view.h"

namespace dataset {

namespace {

/// Never assigned to: an assignment would keep the memory of the target.
Batch make_batch(int64_t count, int64_t side, std::pmr::memory_resource* memory) {
  const auto plane = static_cast<size_t>(count * side * side);
  const auto floats = [&](size_t num) { return std::pmr::vector<float>(num, memory); };
  return {count, side, side, floats(plane), floats(3 * plane), floats(plane)};
}

ageing::Awgn awgn_of(const StoreParameters& parameters) {
  const auto [low, high] = parameters.awgn_sigma;
  return {{low, high}, parameters.awgn_probability, parameters.awgn_on_damage};
}

/// Reads patches of a store, one at a time, and copies views of them into a batch.
class BatchFiller {
 public:
  BatchFiller(const Store& store, int64_t count, int64_t side, std::pmr::memory_resource* memory)
      : store_(store),
        awgn_(awgn_of(store.parameters())),
        pixels_(static_cast<size_t>(5 * store.patch() * store.patch())),
        batch_(make_batch(count, side, memory)) {}

  /// `noise_key` draws the noise of stores that ask for it.
  void fill(int64_t slot, Split split, int64_t index, const SampleView& view, uint64_t noise_key) {
    const int64_t patch = store_.patch();
    uint8_t* const clean = pixels_.data();
    uint8_t* const aged = clean + 3 * patch * patch;
    uint8_t* const damage = aged + patch * patch;
    store_.read(split, index, clean, aged, damage);
    const int64_t plane = view.side * view.side;
    const ByteCurve gamma = byte_curve(view.gamma);
    copy_view(view, gamma, clean, 3, patch, batch_.clean.data() + 3 * slot * plane);
    float* const aged_out = batch_.aged.data() + slot * plane;
    copy_view(view, gamma, aged, 1, patch, aged_out);
    float* const damage_out = batch_.damage.data() + slot * plane;
    copy_view(view, unchanged_, damage, 1, patch, damage_out);
    const bool is_damaged =
        std::any_of(damage_out, damage_out + plane, [](float opacity) { return opacity > 0; });
    ageing::add_awgn(awgn_, noise_key, is_damaged, aged_out, static_cast<size_t>(plane));
  }

  Batch take() { return std::move(batch_); }

 private:
  const Store& store_;
  const ageing::Awgn awgn_;
  std::vector<uint8_t> pixels_;
  const ByteCurve unchanged_ = byte_curve(1);
  Batch batch_;
};

/// Which sample of the split is number `sample` of the whole job.
int64_t index_of(const Store& store, uint64_t seed, int64_t sample) {
  const int64_t epoch_samples = store.num_samples(Split::train);
  const SampleOrder order(epoch_samples, seed, static_cast<uint64_t>(sample / epoch_samples));
  return order.at(sample % epoch_samples);
}

}  // namespace

Batch load_samples(const Store& store, const SamplingConfig& config, uint64_t seed,
                   int64_t first_sample, int64_t count, std::pmr::memory_resource* memory) {
  if (config.crop > store.patch()) {
    throw common::config_error("sampling.crop is " + std::to_string(config.crop) +
                               "; the store's patches have " + std::to_string(store.patch()) +
                               " pixels a side: make crops smaller, or a store with "
                               "restore-shard --patch");
  }
  if (store.num_samples(Split::train) == 0) {
    throw common::usage_error("the store has no training samples");
  }
  BatchFiller filler(store, count, config.crop, memory);
  for (int64_t slot = 0; slot < count; ++slot) {
    const int64_t sample = first_sample + slot;
    filler.fill(slot, Split::train, index_of(store, seed, sample),
                draw_view(store.patch(), config, seed, sample),
                common::random_key("awgn", {seed, static_cast<uint64_t>(sample)}));
  }
  return filler.take();
}

void announce_samples(const Store& store, uint64_t seed, int64_t first_sample, int64_t count) {
  if (store.num_samples(Split::train) == 0) return;
  for (int64_t sample = first_sample; sample < first_sample + count; ++sample) {
    store.will_read(Split::train, index_of(store, seed, sample));
  }
}

Batch load_validation(const Store& store, int64_t first, int64_t count,
                      std::pmr::memory_resource* memory) {
  BatchFiller filler(store, count, store.patch(), memory);
  for (int64_t index = first; index < first + count; ++index) {
    store.will_read(Split::valid, index);
  }
  for (int64_t slot = 0; slot < count; ++slot) {
    const int64_t index = first + slot;
    filler.fill(slot, Split::valid, index, whole_patch(store.patch()),
                common::random_key("awgn of validation", {static_cast<uint64_t>(index)}));
  }
  return filler.take();
}

}  // namespace dataset
