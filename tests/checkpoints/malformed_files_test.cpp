// A thousand malformed files, drawn with fixed seeds: each is refused with a message or is read
// as what it says; none crashes, hangs, or makes the reader ask for more memory than the file has.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <random>

#include "checkpoints/checkpoint_folder.h"
#include "checkpoints/model_file.h"
#include "common/error.h"
#include "common/files.h"
#include "common/hash.h"
#include "device/torch.h"
#include "tests/checkpoints/counted_memory.h"
#include "tests/common/temporary_folder.h"

namespace checkpoints {
namespace {

namespace fs = std::filesystem;

/// Changes bytes as damage and as malice would.
class Mutator {
 public:
  explicit Mutator(uint64_t seed) : random_(seed) {}

  void mutate(std::string& bytes) {
    for (size_t count = 1 + below(3); count > 0 && !bytes.empty(); --count) mutate_once(bytes);
  }

  size_t below(size_t end) { return random_() % end; }

 private:
  void mutate_once(std::string& bytes) {
    const size_t at = below(bytes.size());
    switch (below(7)) {
      case 0: bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8))); break;
      case 1: bytes.resize(at); break;
      case 2: replace_length(bytes); break;
      case 3: replace_number(bytes, at); break;
      case 4: bytes.insert(at, junk()); break;
      case 5: bytes.erase(at, 1 + below(20)); break;
      case 6: bytes.insert(at, bytes.substr(below(bytes.size()), 1 + below(200))); break;
    }
  }

  /// The first eight bytes: of a safetensors file, the length of its header.
  void replace_length(std::string& bytes) {
    uint64_t length = random_() >> below(64);
    bytes.replace(0, 8, reinterpret_cast<const char*>(&length), 8);
  }

  /// The next number in the text: of a shape, an offset, a size, a step.
  void replace_number(std::string& bytes, size_t at) {
    const size_t begin = bytes.find_first_of("0123456789", at);
    if (begin == std::string::npos) return;
    const size_t end = bytes.find_first_not_of("0123456789", begin);
    const char* const numbers[] = {"0",
                                   "-1",
                                   "1e999",
                                   "1.5",
                                   "4294967296",
                                   "9223372036854775807",
                                   "18446744073709551615",
                                   "99999999999999999999",
                                   "null",
                                   "7"};
    bytes.replace(begin, end == std::string::npos ? end : end - begin, numbers[below(10)]);
  }

  std::string junk() {
    const std::string parts[] = {"[", "{\"a\":", "\"", ",", "}", "\\u0000", "\xff", "[],", "{},"};
    std::string text;
    const std::string& part = parts[below(9)];
    for (size_t count = 1 + below(5000); count > 0; --count) text += part;
    return text;
  }

  std::mt19937_64 random_;
};

std::vector<device::NamedTensor> tensors() {
  return {{"model.a", at::full({4, 3, 3, 3}, 0.5)},
          {"model.b", at::full({4}, 1, at::kLong)},
          {"ema.a", at::full({0, 2}, 0.5)},
          {"ema.b", at::full({}, 2.0, at::kHalf)}};
}

void put(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

/// Runs `read`, which must end with an Error of bad data or with what the file holds. Returns
/// whether it was read.
bool read_or_refused(size_t file_bytes,
                     const std::function<std::vector<device::NamedTensor>()>& read) {
  bool was_read = false;
  forget_requests();
  try {
    size_t num_bytes = 0;
    for (const auto& [name, tensor] : read()) num_bytes += tensor.nbytes();
    EXPECT_LE(num_bytes, file_bytes);
    was_read = true;
  } catch (const common::Error& error) {
    EXPECT_EQ(error.kind(), common::ErrorKind::corrupt) << error.what();
  }
  // Texts grow by doubling, messages quote them.
  EXPECT_LE(requests().largest, 2 * file_bytes + 8192);
  EXPECT_LE(requests().sum, 64 * file_bytes + 64 * 1024);
  return was_read;
}

TEST(MalformedFiles, SixHundredModelsAreRefusedOrRead) {
  const tests::TemporaryFolder folder;
  const fs::path path = folder.path() / "model.safetensors";
  write_model_file(path, {{{"widths", {4, 8}}}, {{"task", "luma"}}, tensors()});
  const std::string whole = common::read_file(path);
  int refused = 0;
  for (uint64_t seed = 0; seed < 600; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::string bytes = whole;
    Mutator(seed).mutate(bytes);
    put(path, bytes);
    refused += read_or_refused(bytes.size(), [&] { return read_model_file(path).weights; }) ? 0 : 1;
  }
  EXPECT_GT(refused, 400);
}

std::string sum_of(const std::string& bytes) {
  return R"({"bytes": )" + std::to_string(bytes.size()) + R"(, "xxh3": ")" +
         common::hex64(common::xxh3(bytes)) + "\"}";
}

TEST(MalformedFiles, SixHundredCheckpointsAreRefusedOrRead) {
  const tests::TemporaryFolder root;
  CheckpointFolder folder(root.path(), 1);
  Checkpoint checkpoint{{}, tensors()};
  checkpoint.state.step = 7;
  checkpoint.state.best = {3, 20.5};
  folder.save(checkpoint, false);
  const fs::path directory = root.path() / "step-00000007";
  const std::string state = common::read_file(directory / "state.json");
  const std::string data = common::read_file(directory / "state.safetensors");
  int refused = 0;
  for (uint64_t seed = 0; seed < 600; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Mutator mutator(seed);
    std::string files[] = {state, data};
    mutator.mutate(files[seed % 2]);
    // Checksums that fit, so that what they protect is read.
    std::string complete = R"({"format_version": 1, "step": 7, "files": {"state.json": )" +
                           sum_of(files[0]) + R"(, "state.safetensors": )" + sum_of(files[1]) +
                           "}}";
    if (seed % 5 == 0) mutator.mutate(complete);
    put(directory / "state.json", files[0]);
    put(directory / "state.safetensors", files[1]);
    put(directory / "complete.json", complete);
    const size_t num_bytes = files[0].size() + files[1].size() + complete.size();
    refused +=
        read_or_refused(num_bytes, [&] { return load_checkpoint(directory).tensors; }) ? 0 : 1;
  }
  EXPECT_GT(refused, 400);
}

}  // namespace
}  // namespace checkpoints
