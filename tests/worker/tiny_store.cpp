#include "tests/worker/tiny_store.h"

#include <cmath>
#include <utility>

#include "common/random.h"
#include "dataset/store/manifest.h"
#include "dataset/store/shard.h"
#include "dataset/store/shard_writer.h"

namespace {

namespace fs = std::filesystem;

constexpr int64_t kPatch = 16, kPixels = kPatch * kPatch;

struct Pixels {
  std::vector<uint8_t> clean, aged, damage;
};

Pixels tiny_sample(int64_t number) {
  Pixels pixels{std::vector<uint8_t>(3 * kPixels), std::vector<uint8_t>(kPixels),
                std::vector<uint8_t>(kPixels)};
  common::KeyedRandom random(common::random_key("tiny", {static_cast<uint64_t>(number)}));
  const double slope = random.uniform(0.1, 0.6);
  const int64_t scratch = random.integer(kPatch);
  for (int64_t i = 0; i < kPixels; ++i) {
    const int64_t x = i % kPatch, y = i / kPatch;
    const double level = 128 + 80 * std::sin(slope * static_cast<double>(x + y));
    const auto at = static_cast<size_t>(i);
    for (size_t c = 0; c < 3; ++c) pixels.clean[c * kPixels + at] = static_cast<uint8_t>(level);
    pixels.damage[at] = x == scratch ? 255 : 0;
    const double noisy = level + 20 * random.normal();
    pixels.aged[at] =
        x == scratch ? uint8_t{255} : static_cast<uint8_t>(std::fmin(255, std::fmax(0, noisy)));
  }
  return pixels;
}

dataset::ShardEntry write_tiny_shard(const fs::path& folder, dataset::Split split, int64_t first,
                                     int64_t count, const dataset::StoreParameters& parameters) {
  const std::string file = std::string(dataset::to_string(split)) + "-00000.h5";
  dataset::ShardWriter writer(folder / file, count, kPatch,
                              dataset::to_text(dataset::ShardAbout{parameters, {}}));
  for (int64_t i = 0; i < count; ++i) {
    const Pixels pixels = tiny_sample(first + i);
    writer.write(i, {pixels.clean.data(), pixels.aged.data(), pixels.damage.data(), {}});
  }
  writer.finish();
  return {file, split, count, static_cast<int64_t>(fs::file_size(folder / file)),
          dataset::Shard(folder / file).checksum()};
}

}  // namespace

void write_tiny_store(const fs::path& folder) {
  fs::remove_all(folder);
  fs::create_directories(folder);
  dataset::Manifest manifest;
  manifest.parameters.recipe = "name: tiny\n";
  manifest.parameters.patch = kPatch;
  manifest.parameters.variants = 1;
  manifest.shards = {write_tiny_shard(folder, dataset::Split::train, 0, 24, manifest.parameters),
                     write_tiny_shard(folder, dataset::Split::valid, 1000, 7, manifest.parameters)};
  dataset::write_manifest(folder, manifest);
}

worker::TrainConfig tiny_config(const fs::path& folder, const std::string& name) {
  worker::TrainConfig config;
  config.run.name = name;
  config.run.folder = (folder / "runs").string();
  config.run.threads = 1;
  config.run.precision = "fp32";
  config.run.log_every_steps = 2;
  config.data.store = (folder / "store").string();
  config.sampling.crop = 8;
  config.network.find = config.network.restore = {4, 8};
  config.network.colourise = {4};
  config.network.blocks = 1;
  config.schedule.steps = 8;
  config.schedule.micro_batches_per_step = 4;
  config.schedule.micro_batch_size = 2;
  config.schedule.warmup_steps = 2;
  config.validation.every_steps = 4;
  config.validation.batch = 2;
  config.validation.pictures = 1;
  return config;
}

int run_tiny_job(comm::Group& group, const worker::TrainConfig& config, std::stop_token stop,
                 const worker::JobOptions& options) {
  health::Watchdog watchdog(config.watchdog, group.rank(),
                            [] { return std::vector<health::Collective>(); });
  return worker::run_job(group, config, options, device::ChosenDevice(), std::move(stop), watchdog);
}
