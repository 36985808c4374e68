// Times the store's reading for benches/store/run, which compares it with its baselines.
//   store_bench make DIR     makes a store of random pixels
//   store_bench read DIR     a line on standard input is a round: cached, pread, two-threads, cold,
//                            sequential, direct or open; one on standard output answers it: seconds
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <numeric>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "common/files.h"
#include "dataset/store/manifest.h"
#include "dataset/store/shard_writer.h"
#include "dataset/store/store.h"
#include "dataset/store/virtual_store.h"

namespace {

using namespace dataset;
namespace fs = std::filesystem;

constexpr int64_t kPatch = 256;
constexpr int64_t kPlane = kPatch * kPatch;
constexpr int64_t kShards = 4, kShardSamples = 500;
constexpr size_t kInFlight = 16;
constexpr int64_t kLargeShard = 20'000;

double seconds_of(const auto& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void make_store(const fs::path& folder) {
  fs::create_directories(folder);
  Manifest manifest;
  manifest.parameters.patch = kPatch;
  std::mt19937_64 random(1);
  std::vector<uint8_t> pixels(5 * kPlane);
  for (int64_t number = 0; number < kShards; ++number) {
    const std::string file = "train-0000" + std::to_string(number) + ".h5";
    ShardWriter writer(folder / file, kShardSamples, kPatch, "{}");
    for (int64_t i = 0; i < kShardSamples; ++i) {
      std::generate(pixels.begin(), pixels.end(), [&] { return static_cast<uint8_t>(random()); });
      writer.write(i, {pixels.data(), pixels.data() + 3 * kPlane, pixels.data() + 4 * kPlane, {}});
    }
    writer.finish();
    manifest.shards.push_back({file, Split::train, kShardSamples,
                               static_cast<int64_t>(fs::file_size(folder / file)),
                               Shard(folder / file).checksum()});
  }
  write_virtual_store(folder, manifest);
  write_manifest(folder, manifest);
  create_shard_file(folder / "large.h5", kLargeShard, kPatch, "{}");  // sparse: holds no sample
}

class ReadingBench {
 public:
  explicit ReadingBench(fs::path folder) : folder_(std::move(folder)), store_(folder_) {
    order_.resize(kShards * kShardSamples);
    std::iota(order_.begin(), order_.end(), 0);
    std::shuffle(order_.begin(), order_.end(), std::mt19937_64(2));
    for (const ShardEntry& entry : store_.manifest().shards) {
      files_.push_back(common::open_file(folder_ / entry.file, O_RDONLY));
      layouts_.push_back(read_shard_file(folder_ / entry.file));
    }
  }

  double seconds(const std::string& round) {
    if (round == "cached") return seconds_of([&] { read_samples(0); });
    if (round == "pread") return seconds_of([&] { read_raw(); });
    if (round == "two-threads") return seconds_of([&] { read_by_two(); });
    if (round == "open") return seconds_of([&] { const Shard shard(folder_ / "large.h5"); });
    forget_pages();
    if (round == "cold") return seconds_of([&] { read_cold(); });
    if (round == "sequential") return seconds_of([&] { read_files(O_RDONLY); });
    if (round == "direct") return seconds_of([&] { read_files(O_RDONLY | O_DIRECT); });
    return -1;
  }

 private:
  /// Every `step`-th sample from `first` on, the next `ahead` of them asked for.
  void read_samples(size_t ahead, size_t first = 0, size_t step = 1) const {
    std::vector<uint8_t> pixels(5 * kPlane);
    uint8_t* const aged = pixels.data() + 3 * kPlane;
    size_t asked = first;
    for (size_t i = first; i < order_.size(); i += step) {
      for (; ahead > 0 && asked < std::min(order_.size(), i + ahead * step); asked += step) {
        store_.will_read(Split::train, order_[asked]);
      }
      store_.read(Split::train, order_[i], pixels.data(), aged, aged + kPlane);
    }
  }

  /// As a worker with sampling.reader_threads = 2.
  void read_cold() const {
    std::jthread other([&] { read_samples(kInFlight / 2, 1, 2); });
    read_samples(kInFlight / 2, 0, 2);
  }

  void read_by_two() const {
    std::jthread other([&] { read_samples(0); });
    read_samples(0);
  }

  void read_raw() const {
    std::vector<uint8_t> pixels(5 * kPlane);
    for (const int64_t sample : order_) {
      const auto shard = static_cast<size_t>(sample / kShardSamples);
      uint8_t* out = pixels.data();
      for (const ShardArray array : {ShardArray::clean, ShardArray::aged, ShardArray::damage}) {
        const size_t bytes = layouts_[shard].place(array).sample_bytes;
        common::read_exactly(files_[shard], out, bytes,
                             layouts_[shard].offset(array, sample % kShardSamples), folder_);
        out += bytes;
      }
    }
  }

  /// From the first byte to the last, a mebibyte at a time.
  void read_files(int flags) const {
    constexpr size_t kPiece = 1 << 20, kBlock = 4096;
    const std::unique_ptr<void, decltype(&std::free)> piece(std::aligned_alloc(kBlock, kPiece),
                                                            std::free);
    for (const ShardEntry& entry : store_.manifest().shards) {
      const common::FileDescriptor file = common::open_file(folder_ / entry.file, flags);
      while (::read(file.get(), piece.get(), kPiece) > 0) {
      }
    }
  }

  void forget_pages() const {
    for (const auto& file : files_) {
      ::fsync(file.get());
      ::posix_fadvise(file.get(), 0, 0, POSIX_FADV_DONTNEED);
    }
  }

  const fs::path folder_;
  const Store store_;
  std::vector<int64_t> order_;
  std::vector<common::FileDescriptor> files_;
  std::vector<ShardLayout> layouts_;
};

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() != 2 || (words[0] != "make" && words[0] != "read")) {
    std::fputs("usage: store_bench make|read DIR\n", stderr);
    return 64;
  }
  if (words[0] == "make") {
    make_store(words[1]);
    return 0;
  }
  ReadingBench bench(words[1]);
  for (std::string round; std::getline(std::cin, round);) {
    std::printf("%.9f\n", bench.seconds(round));
    std::fflush(stdout);
  }
}
