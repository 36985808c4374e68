#include "worker/colour_prior.h"

#include <fmt/format.h>

#include <vector>

#include "common/command_line.h"
#include "common/error.h"
#include "common/files.h"
#include "common/strict_text.h"
#include "device/torch.h"
#include "model/ab_bins.h"
#include "model/colour_loss.h"
#include "model/quarter_colour.h"

namespace worker {
namespace {

using common::Error;
using common::ErrorKind;

constexpr const char* kFormat = "restore-colour-prior";
constexpr int64_t kFormatVersion = 1;
constexpr size_t kMaxBytes = 1 << 20;  // a prior has a few thousand

/// The clean pictures of the training samples, one at a time.
class CleanPatches {
 public:
  explicit CleanPatches(const dataset::Store& store)
      : store_(store),
        clean_(at::empty({1, 3, store.patch(), store.patch()}, at::kByte)),
        rest_(static_cast<size_t>(2 * store.patch() * store.patch())) {}

  /// [1,3,P,P] in [0,1].
  at::Tensor read(int64_t index) {
    uint8_t* const aged = rest_.data();
    store_.read(dataset::Split::train, index, clean_.mutable_data_ptr<uint8_t>(), aged,
                aged + store_.patch() * store_.patch());
    return clean_.to(at::kFloat) / 255;
  }

 private:
  const dataset::Store& store_;
  at::Tensor clean_;
  std::vector<uint8_t> rest_;
};

at::Tensor tensor_of(const std::vector<int64_t>& counts) {
  at::Tensor tensor = at::empty({static_cast<int64_t>(counts.size())}, at::kLong);
  std::copy(counts.begin(), counts.end(), tensor.mutable_data_ptr<int64_t>());
  return tensor;
}

[[noreturn]] void refuse(ErrorKind kind, const std::filesystem::path& path,
                         const std::string& message) {
  throw Error(kind,
              fmt::format("{}: {}; make it again with restore-prior", path.string(), message));
}

void require_format(const std::filesystem::path& path, const nlohmann::json& json) {
  if (json.value("format", "") != kFormat) {
    refuse(ErrorKind::corrupt, path, "not a colour prior");
  }
  const int64_t version = json.at("format_version").get<int64_t>();
  if (version == kFormatVersion) return;
  refuse(ErrorKind::config, path,
         fmt::format("a colour prior of format version {}, this program reads {}", version,
                     kFormatVersion));
}

void require_counts(const std::filesystem::path& path, const std::vector<int64_t>& counts) {
  const auto is_count = [](int64_t count) { return count >= 0; };
  if (counts.size() == model::kNumAbBins && std::ranges::all_of(counts, is_count)) return;
  refuse(ErrorKind::corrupt, path,
         fmt::format("expected {} counts of 0 or more, got {} numbers", model::kNumAbBins,
                     counts.size()));
}

}  // namespace

ColourPrior count_colours(const dataset::Store& store,
                          const std::function<void(int64_t)>& counted) {
  const int64_t samples = store.num_samples(dataset::Split::train);
  if (samples == 0) throw common::usage_error("the store has no training samples to count");
  const at::Tensor bins = model::in_gamut_ab_bins();
  CleanPatches patches(store);
  at::Tensor counts = at::zeros({model::kNumAbBins}, at::kLong);
  for (int64_t i = 0; i < samples; ++i) {
    counts += model::ab_bin_counts(model::quarter_ab(patches.read(i)), bins);
    if (counted) counted(i + 1);
  }
  return {store.fingerprint(), samples, counts};
}

void write_colour_prior(const std::filesystem::path& path, const ColourPrior& prior) {
  const auto* first = prior.counts.const_data_ptr<int64_t>();
  const nlohmann::ordered_json json{
      {"format", kFormat},
      {"format_version", kFormatVersion},
      {"written_by", fmt::format("restore-prior {}", common::kVersion)},
      {"store_fingerprint", prior.store_fingerprint},
      {"samples", prior.samples},
      {"counts", std::vector<int64_t>(first, first + prior.counts.numel())}};
  common::write_file_atomically(path, json.dump() + "\n");
}

ColourPrior read_colour_prior(const std::filesystem::path& path, const dataset::Store& store) {
  const auto json = common::parse_strict_json(common::read_file(path, kMaxBytes), path.string());
  try {
    require_format(path, json);
    const auto counts = json.at("counts").get<std::vector<int64_t>>();
    require_counts(path, counts);
    const ColourPrior prior{json.at("store_fingerprint").get<std::string>(),
                            json.at("samples").get<int64_t>(), tensor_of(counts)};
    if (prior.store_fingerprint == store.fingerprint()) return prior;
    refuse(ErrorKind::config, path,
           fmt::format("the prior of another store, with fingerprint {}; data.store has {}",
                       prior.store_fingerprint, store.fingerprint()));
  } catch (const nlohmann::json::exception& error) {
    refuse(ErrorKind::corrupt, path, error.what());
  }
}

model::ColourClasses colour_classes(const model::NetworkConfig& network,
                                    const model::LossConfig& loss, const dataset::Store& store) {
  if (network.name != "colour") return {};
  if (loss.colour_prior.empty()) {
    throw common::config_error(
        "network.name is 'colour', which is trained with a prior of the store's colours: run "
        "'restore-prior STORE -o FILE' and set loss.colour_prior to FILE");
  }
  return model::colour_classes(read_colour_prior(loss.colour_prior, store).counts);
}

}  // namespace worker
