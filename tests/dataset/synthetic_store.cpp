#include "tests/dataset/synthetic_store.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>

#include "dataset/store/manifest.h"
#include "dataset/store/shard.h"
#include "dataset/store/shard_writer.h"

namespace dataset {
namespace fs = std::filesystem;

namespace {

template <class Value>
std::vector<uint8_t> test_plane(Value&& value) {
  std::vector<uint8_t> plane;
  for (int64_t y = 0; y < kTestPatch; ++y) {
    for (int64_t x = 0; x < kTestPatch; ++x) plane.push_back(static_cast<uint8_t>(value(x, y)));
  }
  return plane;
}

ShardEntry add_shard(const fs::path& folder, Split split, int number, int64_t samples,
                     uint8_t first_id) {
  const std::string file = std::string(to_string(split)) + "-" + std::to_string(number) + ".h5";
  write_test_shard(folder / file, samples, first_id);
  return {file, split, samples, static_cast<int64_t>(fs::file_size(folder / file)),
          Shard(folder / file).checksum()};
}

}  // namespace

std::vector<uint8_t> test_aged() {
  return test_plane([](int64_t x, int64_t) { return x; });
}

std::vector<uint8_t> test_damage() {
  return test_plane([](int64_t, int64_t y) { return y; });
}

std::vector<uint8_t> test_clean(uint8_t id) {
  std::vector<uint8_t> planes = test_aged();
  const std::vector<uint8_t> rows = test_damage();
  planes.insert(planes.end(), rows.begin(), rows.end());
  planes.insert(planes.end(), rows.size(), id);
  return planes;
}

void write_test_shard(const fs::path& path, int64_t samples, uint8_t first_id) {
  ShardAbout about;
  about.parameters.patch = kTestPatch;
  ShardWriter writer(path, samples, kTestPatch, to_text(about));
  for (int64_t i = 0; i < samples; ++i) {
    const auto id = static_cast<uint8_t>(first_id + i);
    writer.write(i, {test_clean(id).data(),
                     test_aged().data(),
                     test_damage().data(),
                     {id, 0, static_cast<int32_t>(2 * i), static_cast<int32_t>(3 * i)}});
  }
  writer.finish();
}

void write_test_store(const fs::path& folder, const std::vector<int64_t>& train,
                      const std::vector<int64_t>& valid, const std::array<double, 2>& awgn_sigma,
                      double awgn_probability, bool awgn_on_damage) {
  fs::create_directories(folder);
  Manifest manifest;
  manifest.parameters.patch = kTestPatch;
  manifest.parameters.recipe = "gray: {}\n";
  manifest.parameters.awgn_sigma = awgn_sigma;
  manifest.parameters.awgn_probability = awgn_probability;
  manifest.parameters.awgn_on_damage = awgn_on_damage;
  uint8_t id = 0;
  for (const Split split : {Split::train, Split::valid}) {
    int number = 0;
    for (const int64_t samples : split == Split::train ? train : valid) {
      manifest.shards.push_back(add_shard(folder, split, number++, samples, id));
      id = static_cast<uint8_t>(id + samples);
    }
  }
  write_manifest(folder, manifest);
}

void flip_bit(const fs::path& path, size_t offset) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(static_cast<std::streamoff>(offset));
  const auto byte = static_cast<char>(file.get() ^ 4);
  file.seekp(static_cast<std::streamoff>(offset));
  file.put(byte);
  ASSERT_TRUE(file.flush());
}

}  // namespace dataset
