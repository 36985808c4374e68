#include "worker/event_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <bit>
#include <chrono>
#include <cstring>

#include "health/process.h"
#include "worker/crc32c.h"

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
std::string summary(std::string_view tag, std::string_view value) {
  return bytes_field(5, bytes_field(1, bytes_field(1, tag) + std::string(value)));
}

double seconds_since_1970() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace

EventFile::EventFile(const std::filesystem::path& folder, int64_t first_step) {
  common::make_directories(folder);
  // Microseconds: two starts within one second must not share a file.
  path_ = folder / fmt::format("events.out.tfevents.{:.6f}.{}.{}", seconds_since_1970(),
                               health::host_name(), ::getpid());
  file_ = common::open_file(path_, O_WRONLY | O_CREAT | O_APPEND);
  event(0, bytes_field(3, "brain.Event:2"));
  event(first_step, bytes_field(7, number_field(1, 1)));
}

void EventFile::scalar(std::string_view tag, int64_t step, double value) {
  event(step, summary(tag, key(2, kFixed32) + little_endian(static_cast<float>(value))));
}

void EventFile::picture(std::string_view tag, int64_t step, const EncodedPicture& picture) {
  const std::string image = number_field(1, picture.height) + number_field(2, picture.width) +
                            number_field(3, 3) + bytes_field(4, picture.png);
  event(step, summary(tag, bytes_field(4, image)));
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
