#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "common/files.h"

namespace worker {

/// A picture as bytes of a PNG file.
struct EncodedPicture {
  int64_t width = 0;
  int64_t height = 0;
  std::string png;
};

/// A TensorBoard event file: scalars and pictures by step.
/// Source: the TFRecord framing and tensorflow/core/util/event.proto, summary.proto; the few fields
/// used are written by hand. Read back by tensorboard 2.21 in tests/worker.
class EventFile {
 public:
  /// A new file in `folder`, which is made. `first_step` tells TensorBoard to forget what an
  /// earlier file of the folder has from that step on. Throws Error(io).
  EventFile(const std::filesystem::path& folder, int64_t first_step);

  void scalar(std::string_view tag, int64_t step, double value);
  void picture(std::string_view tag, int64_t step, const EncodedPicture& picture);

 private:
  void event(int64_t step, std::string_view rest);
  std::filesystem::path path_;
  common::FileDescriptor file_;
};

}  // namespace worker
