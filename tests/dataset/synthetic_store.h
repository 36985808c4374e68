#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "dataset/store/shard_about.h"
#include "tests/common/temporary_folder.h"

namespace dataset {

inline constexpr int64_t kTestPatch = 16;

/// Pixels that say where they are from: clean is (x, y, id), aged is x and damage is y.
std::vector<uint8_t> test_clean(uint8_t id);
std::vector<uint8_t> test_aged();
std::vector<uint8_t> test_damage();

/// Writes one shard of samples with ids first_id, first_id + 1, ...
void write_test_shard(const std::filesystem::path& path, int64_t samples, uint8_t first_id);

/// Writes a store of one shard for each number; ids count up through train, then valid.
/// `awgn_sigma` is the noise that its readers add to the share `awgn_probability` of the samples,
/// to those with damage only if `awgn_on_damage`.
void write_test_store(const std::filesystem::path& folder, const std::vector<int64_t>& train,
                      const std::vector<int64_t>& valid,
                      const std::array<double, 2>& awgn_sigma = {}, double awgn_probability = 1,
                      bool awgn_on_damage = true);

/// Flips one bit of the file.
void flip_bit(const std::filesystem::path& path, size_t offset);

}  // namespace dataset
