#include "checkpoints/safetensors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "common/files.h"
#include "common/hash.h"
#include "device/torch.h"
#include "tests/common/expect_error.h"
#include "tests/common/full_disk.h"
#include "tests/common/temporary_folder.h"

namespace checkpoints {
namespace {

using common::ErrorKind;

TEST(Safetensors, RoundTripKeepsEveryTypeShapeAndBit) {
  const tests::TemporaryFolder folder;
  TensorFile file{{}, {{"format", "pt"}, {"note", "\"quoted\"\n"}}};
  for (const auto type : {at::kBool, at::kByte, at::kChar, at::kShort, at::kHalf, at::kBFloat16,
                          at::kInt, at::kFloat, at::kDouble, at::kLong}) {
    file.tensors.push_back({c10::toString(type), at::arange(6).reshape({2, 3}).to(type)});
  }
  file.tensors.push_back({"transposed", at::arange(6).reshape({2, 3}).t()});
  file.tensors.push_back({"scalar", at::full({}, 3.5)});
  file.tensors.push_back({"empty", at::ones({0, 4})});
  const auto path = folder.path() / "all.safetensors";
  const uint64_t checksum = write_safetensors(path, file);
  EXPECT_EQ(checksum, common::xxh3(common::read_file(path)));

  const TensorFile read = read_safetensors(path);
  EXPECT_EQ(read.metadata, file.metadata);
  ASSERT_EQ(read.tensors.size(), file.tensors.size());
  for (const device::NamedTensor& written : file.tensors) {
    const auto same = [&](const device::NamedTensor& other) { return other.name == written.name; };
    const auto found = std::find_if(read.tensors.begin(), read.tensors.end(), same);
    ASSERT_NE(found, read.tensors.end()) << written.name;
    EXPECT_EQ(found->tensor.scalar_type(), written.tensor.scalar_type());
    EXPECT_TRUE(at::equal(found->tensor, written.tensor)) << written.name;
  }
}

TEST(Safetensors, RefusesToWriteWhatTheFormatCannotHold) {
  const tests::TemporaryFolder folder;
  const auto refusal = [&](std::vector<device::NamedTensor> tensors, const char* message) {
    tests::expect_error(ErrorKind::internal, message, [&] {
      write_safetensors(folder.path() / "x", {tensors, {}});
    });
  };
  const at::Tensor one = at::ones({1});
  refusal({{"a", one}, {"a", one}}, "'a': it is reserved or there twice");
  refusal({{"__metadata__", one}}, "reserved");
  refusal({{"c", at::complex(one, one)}}, "elements of type ComplexFloat");
  refusal({{"\xff", one}}, "not UTF-8");
  EXPECT_THAT(tests::names_of(folder.path()), testing::IsEmpty());
}

TEST(Safetensors, FullDiskLeavesTheEarlierFileAndNothingElse) {
  const tests::TemporaryFolder folder;
  const auto path = folder.path() / "x.safetensors";
  write_safetensors(path, {{{"a", at::ones({3})}}, {}});
  const std::string before = common::read_file(path);
  {
    const tests::FullDisk full(4096);
    tests::expect_error(ErrorKind::io, "cannot write", [&] {
      write_safetensors(path, {{{"a", at::ones({5000})}}, {}});
    });
  }
  EXPECT_EQ(common::read_file(path), before);
  EXPECT_THAT(tests::names_of(folder.path()), testing::ElementsAre("x.safetensors"));
}

/// A file with this header and so many bytes of data.
std::string file_bytes(const std::string& header, size_t data_bytes) {
  const uint64_t length = header.size();
  std::string bytes(sizeof length, '\0');
  std::memcpy(bytes.data(), &length, sizeof length);
  return bytes + header + std::string(data_bytes, '\1');
}

std::string entry(const std::string& name, const char* dtype, const char* shape,
                  const char* offsets) {
  return "\"" + name + "\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape +
         ",\"data_offsets\":" + offsets + "}";
}

class MalformedSafetensors : public testing::Test {
 protected:
  void refusal(const std::string& bytes, const std::string& message) {
    const auto path = folder_.path() / "bad.safetensors";
    common::write_file_atomically(path, bytes);
    const auto read = [&] { read_safetensors(path); };
    tests::expect_error(ErrorKind::corrupt, path.string(), read);
    tests::expect_error(ErrorKind::corrupt, message, read);
  }
  void refusal_of_entries(const std::string& entries, size_t data_bytes,
                          const std::string& message) {
    refusal(file_bytes("{" + entries + "}", data_bytes), message);
  }

 private:
  tests::TemporaryFolder folder_;
};

TEST_F(MalformedSafetensors, HeaderIsCheckedAgainstTheFile) {
  refusal("", "fewer than 8 bytes");
  refusal("\x89PNG\r\n\x1a\n and more", "its header claims");
  refusal(std::string("\xff\xff\xff\xff\xff\xff\xff\xff", 8), "its header claims");
  refusal(file_bytes("{]", 0), "not JSON");
  refusal(file_bytes("\"text\"", 0), "not a JSON object");
  refusal(file_bytes("{\"a\":" + std::string(100'000, '[') + "}", 0), "nested too deep");
  refusal(file_bytes(R"({"__metadata__":{"a":1}})", 0), "metadata are not texts");
  refusal(file_bytes(R"({"__metadata__":{"a":"1","a":"2"}})", 0), "has 'a' twice");
}

TEST_F(MalformedSafetensors, EntriesAreCheckedInThemselves) {
  refusal_of_entries(R"("a":{"dtype":"F32"})", 4, "must have dtype, shape and data_offsets");
  refusal_of_entries(entry("a", "F33", "[1]", "[0,4]"), 4, "unknown dtype \"F33\"");
  refusal_of_entries(entry("a", "F32", "[-1]", "[0,4]"), 4, "[-1], is impossible");
  refusal_of_entries(entry("a", "F32", "[1.5]", "[0,4]"), 4, "[1.5], is impossible");
  refusal_of_entries(entry("a", "F32", "[1,1,1,1,1,1,1,1,1]", "[0,4]"), 4,
                     "a list of more than 8 elements");
  refusal_of_entries(entry("a", "F32", "[4294967296,4294967296]", "[0,0]"), 0, "is impossible");
  refusal_of_entries(entry("a", "F32", "[0,4294967296,4294967296]", "[0,0]"), 0, "is impossible");
  refusal_of_entries(entry("a", "F64", "[4611686018427387904]", "[0,0]"), 0, "is impossible");
  refusal_of_entries(entry("a", "F32", "[2]", "[0,4]"), 4, "spans 4 bytes, its shape needs 8");
  refusal_of_entries(entry("a", "F32", "[1]", "[4,0]"), 4, "are not [begin, end]");
  refusal_of_entries(entry("a", "F32", "[1]", "[-4,0]"), 4, "are not [begin, end]");
}

TEST_F(MalformedSafetensors, TensorsFillTheDataExactly) {
  const auto a = entry("a", "F32", "[1]", "[0,4]");
  refusal_of_entries(a + "," + entry("b", "F32", "[1]", "[8,12]"), 12, "'b' begins at byte 8");
  refusal_of_entries(a + "," + entry("b", "F32", "[1]", "[2,6]"), 6, "'b' begins at byte 2");
  refusal_of_entries(a + "," + entry("b", "F32", "[1]", "[0,4]"), 4, "begins at byte 0");
  refusal_of_entries(a + "," + a, 4, "has 'a' twice");
  refusal_of_entries(a, 3, "take 4 bytes, the file holds 3; it may be truncated");
  refusal_of_entries(a, 5, "take 4 bytes, the file holds 5");
  refusal_of_entries(entry("a", "U8", "[1000000000000]", "[0,1000000000000]"), 10, "holds 10");
}

TEST(Safetensors, AMissingFileIsAnIoError) {
  tests::expect_error(ErrorKind::io, "/nonexistent/x.safetensors",
                      [] { read_safetensors("/nonexistent/x.safetensors"); });
}

}  // namespace
}  // namespace checkpoints
