#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "common/files.h"
#include "device/torch.h"

namespace worker {

/// A picture as bytes of a PNG file.
struct EncodedPicture {
  int64_t width = 0;
  int64_t height = 0;
  std::string png;
};

/// Puts pictures side by side, clipped to [0,1], as one RGB picture.
/// Shapes: each [1,H,W] or [3,H,W] float32, all of one shape.
EncodedPicture side_by_side(const std::vector<at::Tensor>& pictures);

/// CRC-32C (Castagnoli), the checksum of TensorBoard's event files.
/// Source: RFC 3720, appendix B.4 (its test vectors are in tests/worker).
uint32_t crc32c(std::string_view bytes);

/// A TensorBoard event file: scalars and pictures by step.
/// Source: the TFRecord framing and tensorflow/core/util/event.proto, summary.proto; the few fields
/// used are written by hand. Read back by tensorboard 2.21 in tests/worker.
class EventFile {
 public:
  /// A new file in `folder`, which is created. `first_step` makes TensorBoard drop what earlier
  /// files of the folder have from that step on. `host` becomes part of the file's name.
  /// Throws Error(io).
  EventFile(const std::filesystem::path& folder, int64_t first_step, const std::string& host);

  void scalar(std::string_view tag, int64_t step, double value);
  void picture(std::string_view tag, int64_t step, const EncodedPicture& picture);

 private:
  void event(int64_t step, std::string_view rest);
  std::filesystem::path path_;
  common::FileDescriptor file_;
};

}  // namespace worker
