#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "model/network.h"

namespace restore {

/// A network with the weights of a model file, and its name for the log: "red 64".
struct LoadedNetwork {
  std::shared_ptr<model::Network> network;
  std::string description;
};

/// The model file to use: `wanted` if it is not empty, else the environment's RESTORE_MODEL, else
/// the one that ships with the source tree in which this program was built.
/// Throws Error(usage), which says how to get one, if there is no such file.
std::filesystem::path find_model(const std::string& wanted);

/// `device`: see device::choose_device.
/// Throws Error(corrupt) if the file is not a model file, or its weights are not those of the
/// network that it names; Error(io); Error(config) if the device is not there.
LoadedNetwork load_network(const std::filesystem::path& path, const std::string& device = "cpu");

}  // namespace restore
