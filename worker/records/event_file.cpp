#include "worker/records/event_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <chrono>
#include <cstring>

#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STB_IMAGE_WRITE_STATIC
#define STBI_WRITE_NO_STDIO
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#include <stb/stb_image_write.h>
#pragma GCC diagnostic pop

namespace worker {
namespace {

/// Protocol buffers' wire types.
enum Wire : uint64_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

template <class T>
std::string little_endian(T value) {
  static_assert(std::endian::native == std::endian::little);
  std::string bytes(sizeof value, '\0');
  std::memcpy(bytes.data(), &value, sizeof value);
  return bytes;
}

std::string varint(uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) bytes += static_cast<char>(value | 0x80);
  return bytes + static_cast<char>(value);
}

std::string key(uint64_t field, Wire wire) { return varint(field << 3 | wire); }
std::string number_field(uint64_t field, int64_t value) {
  return key(field, kVarint) + varint(static_cast<uint64_t>(value));
}
std::string bytes_field(uint64_t field, std::string_view bytes) {
  return key(field, kBytes) + varint(bytes.size()) + std::string(bytes);
}

// Event: 1 wall_time (double), 2 step, 3 file_version, 5 summary, 7 session_log.
// Summary: 1 value (repeated). Value: 1 tag, 2 simple_value (float), 4 image.
// Image: 1 height, 2 width, 3 colorspace (3: RGB), 4 encoded_image_string.
// SessionLog: 1 status (1: START).
std::string summary_event(std::string_view tag, std::string_view value) {
  return bytes_field(5, bytes_field(1, bytes_field(1, tag) + std::string(value)));
}

constexpr std::array<uint32_t, 256> crc32c_table() {
  std::array<uint32_t, 256> table{};
  for (uint32_t i = 0; i < 256; ++i) {
    uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78U : crc >> 1;
    table[i] = crc;
  }
  return table;
}

/// TFRecord masks its checksums, since the checksum of data that contains checksums is weak.
uint32_t masked_crc32c(std::string_view bytes) {
  const uint32_t crc = crc32c(bytes);
  return ((crc >> 15) | (crc << 17)) + 0xA282EAD8U;
}

double seconds_since_1970() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace

EncodedPicture side_by_side(const std::vector<at::Tensor>& pictures) {
  const at::Tensor row = at::cat(pictures, /*dim=*/2);  // [C,H,W * n]
  const at::Tensor levels = (row.clamp(0, 1) * 255).round().to(at::kByte);
  const at::Tensor pixels = levels.permute({1, 2, 0}).expand({-1, -1, 3}).contiguous();
  EncodedPicture encoded{pixels.size(1), pixels.size(0), {}};
  const auto append = [](void* png, void* data, int size) {
    static_cast<std::string*>(png)->append(static_cast<const char*>(data),
                                           static_cast<size_t>(size));
  };
  const auto width = static_cast<int>(encoded.width), height = static_cast<int>(encoded.height);
  stbi_write_png_to_func(append, &encoded.png, width, height, 3, pixels.const_data_ptr<uint8_t>(),
                         3 * width);
  return encoded;
}

uint32_t crc32c(std::string_view bytes) {
  static constexpr auto kTable = crc32c_table();
  uint32_t crc = ~0U;
  for (const char byte : bytes) {
    crc = kTable[(crc ^ static_cast<unsigned char>(byte)) & 0xFF] ^ (crc >> 8);
  }
  return ~crc;
}

EventFile::EventFile(const std::filesystem::path& folder, int64_t first_step,
                     const std::string& host) {
  common::make_directories(folder);
  // Microseconds: two starts within one second must not share a file.
  path_ = folder /
          fmt::format("events.out.tfevents.{:.6f}.{}.{}", seconds_since_1970(), host, ::getpid());
  file_ = common::open_file(path_, O_WRONLY | O_CREAT | O_APPEND);
  event(0, bytes_field(3, "brain.Event:2"));
  event(first_step, bytes_field(7, number_field(1, 1)));
}

void EventFile::scalar(std::string_view tag, int64_t step, double value) {
  event(step, summary_event(tag, key(2, kFixed32) + little_endian(static_cast<float>(value))));
}

void EventFile::picture(std::string_view tag, int64_t step, const EncodedPicture& picture) {
  const std::string image = number_field(1, picture.height) + number_field(2, picture.width) +
                            number_field(3, 3) + bytes_field(4, picture.png);
  event(step, summary_event(tag, bytes_field(4, image)));
}

void EventFile::event(int64_t step, std::string_view rest) {
  const std::string data = key(1, kFixed64) + little_endian(seconds_since_1970()) +
                           number_field(2, step) + std::string(rest);
  const std::string length = little_endian(uint64_t{data.size()});
  const std::string record =
      length + little_endian(masked_crc32c(length)) + data + little_endian(masked_crc32c(data));
  common::write_all(file_, record.data(), record.size(), path_);
}

}  // namespace worker
