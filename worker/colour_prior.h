#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "dataset/store/store.h"
#include "device/torch.h"
#include "model/colour_loss.h"
#include "model/losses.h"
#include "model/network_config.h"

namespace worker {

/// How common each class of a colour network is among the clean training patches of a store.
/// `restore-prior` writes it and loss.colour_prior names its file (docs/dataset_format.md).
struct ColourPrior {
  std::string store_fingerprint;
  int64_t samples = 0;  ///< training patches that were counted
  at::Tensor counts;    ///< [313] int64, over the pixels of patches shrunk to a quarter
};

/// Counts all of them. Calls `counted` with the number done so far.
/// Throws Error(usage) if there are none; Error(corrupt) or Error(io) from the store.
ColourPrior count_colours(const dataset::Store& store,
                          const std::function<void(int64_t)>& counted = {});

/// The file is replaced in one step. Throws Error(io).
void write_colour_prior(const std::filesystem::path& path, const ColourPrior& prior);

/// Throws Error(config) if it is the prior of another store than `store` or of another format
/// version, Error(corrupt) if it is no such file, Error(io).
ColourPrior read_colour_prior(const std::filesystem::path& path, const dataset::Store& store);

/// The classes that a colour network is trained with, from the prior that loss.colour_prior names;
/// undefined tensors for other networks. Throws as read_colour_prior, and Error(config) without it.
model::ColourClasses colour_classes(const model::NetworkConfig& network,
                                    const model::LossConfig& loss, const dataset::Store& store);

}  // namespace worker
