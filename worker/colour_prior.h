#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "dataset/store/store.h"
#include "device/torch.h"

namespace worker {

/// How common each class of a colour network is among the clean training patches of a store: what
/// `restore-prior` writes and loss.colour_prior names (docs/dataset_format.md).
struct ColourPrior {
  std::string store_fingerprint;
  int64_t samples = 0;  ///< training patches that were counted
  at::Tensor counts;    ///< [313] int64, a pixel of a patch shrunk to a quarter counting one
};

/// Counts all of them. `counted` is told how many are done.
/// Throws Error(usage) if there are none; Error(corrupt) or Error(io) from the store.
ColourPrior count_colours(const dataset::Store& store,
                          const std::function<void(int64_t)>& counted = {});

/// In one step. Throws Error(io).
void write_colour_prior(const std::filesystem::path& path, const ColourPrior& prior);

/// Throws Error(config) if it is the prior of another store than `store` or of another format
/// version, Error(corrupt) if it is no such file, Error(io).
ColourPrior read_colour_prior(const std::filesystem::path& path, const dataset::Store& store);

}  // namespace worker
