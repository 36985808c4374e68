#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "restore/engine.h"
#include "tests/common/temporary_folder.h"
#include "tests/imaging/sample_picture.h"
#include "tests/restore/fake_networks.h"

namespace restore {

inline std::shared_ptr<MendingNetwork> mending(const MendingNetwork::Says& says) {
  return std::make_shared<MendingNetwork>(says);
}

inline RestoreOptions with_strength(double strength) {
  RestoreOptions options;
  options.strength = strength;
  return options;
}

/// A photograph in a folder of its own, and what becomes of it in tiles of 64.
class SamplePhoto {
 public:
  explicit SamplePhoto(const imaging::Samples& samples,
                       imaging::Format format = imaging::Format::png,
                       VipsImage* described = nullptr)
      : path(folder / (std::string("a.") + extension(format))),
        result(folder / (std::string("b.") + extension(format))) {
    write_samples(path, samples, format, described);
  }

  RestoredPhoto restore(std::shared_ptr<model::Network> network, const RestoreOptions& options,
                        const PhotoProgress& progress = {}) const {
    const Engine engine(std::move(network), {.tile = 64, .overlap = 16});
    return *engine.restore({path, result, mask}, options, progress);
  }

  /// The samples of the result.
  imaging::Samples restored(std::shared_ptr<model::Network> network,
                            const RestoreOptions& options) const {
    restore(std::move(network), options);
    return imaging::read_samples(result);
  }

  std::filesystem::path marked(const imaging::Samples& mask_samples) const {
    write_samples(folder / "mask.png", mask_samples, imaging::Format::png);
    return folder / "mask.png";
  }

  int64_t num_files() const {
    return std::distance(std::filesystem::directory_iterator(folder.path()),
                         std::filesystem::directory_iterator());
  }

  tests::TemporaryFolder folder;
  std::filesystem::path path, result, mask;
};

/// White in the middle third.
inline imaging::Samples middle_third(int64_t height, int64_t width) {
  imaging::Samples mask{{width, height},
                        std::vector<uint16_t>(static_cast<size_t>(height * width))};
  for (int64_t y = height / 3; y < 2 * height / 3; ++y) {
    for (int64_t x = width / 3; x < 2 * width / 3; ++x) {
      mask.values[static_cast<size_t>(y * width + x)] = 255;
    }
  }
  return mask;
}

}  // namespace restore
