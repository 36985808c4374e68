// Times ageing for benches/ageing/run, which compares it with the baselines.
// A line on standard input is a round: "kernel" or "file"; a line on standard output answers it
// with the median seconds a photo.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

#include "common/error.h"
#include "common/hardware.h"
#include "dataset/ageing/age_photo.h"
#include "dataset/ageing/textures.h"
#include "imaging/photo_reader.h"

namespace {

namespace ageing = dataset::ageing;

double seconds_of(const auto& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

/// Keeps the compiler from leaving out work whose result nobody reads.
void use(const ageing::AgedPhoto& photo) {
  [[maybe_unused]] static volatile uint8_t sink;
  sink = photo.aged.front() ^ photo.damage.back();
}

int run(const std::string& recipe_name, int short_side, const std::vector<std::string>& files) {
  const ageing::Recipe recipe = ageing::load_recipe(recipe_name);
  const ageing::DirtPictures dirt = ageing::load_dirt(recipe.textures, imaging::read_dirt_pictures);
  std::vector<imaging::Photo> photos;
  for (const std::string& file : files) photos.push_back(imaging::read_photo(file, short_side));
  uint64_t variant = 0;
  for (std::string what; std::getline(std::cin, what); ++variant) {
    std::vector<double> seconds;
    for (size_t i = 0; i < files.size(); ++i) {
      const auto age = [&](const imaging::Photo& photo) {
        use(ageing::age_photo(photo, recipe, dirt, {1, i, variant}));
      };
      seconds.push_back(what == "kernel" ? seconds_of([&] { age(photos[i]); }) : seconds_of([&] {
        age(imaging::read_photo(files[i], short_side));
      }));
    }
    std::printf("%.9f\n", median(seconds));
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: ageing_bench RECIPE SHORT_SIDE PHOTO...\n");
    return 64;
  }
  common::keep_freed_memory();  // as restore-shard does
  try {
    return run(argv[1], std::stoi(argv[2]), {argv + 3, argv + argc});
  } catch (const common::Error& error) {
    std::fprintf(stderr, "ageing_bench: %s\n", error.what());
    return 1;
  }
}
