#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "imaging/metadata/bytes.h"

namespace imaging {

/// A file that is written anew from ranges of its old bytes and from new ones. The old ones are
/// copied by the kernel: memory does not grow with them.
class Splice {
 public:
  explicit Splice(const std::filesystem::path& path) : path_(path) {}

  void keep(uint64_t begin, uint64_t end);
  void add(std::string bytes) { pieces_.push_back({std::move(bytes), 0, 0}); }

  /// Replaces the file in one step. Throws Error(io); the old one is whole then.
  void replace() const;

 private:
  struct Piece {
    std::string bytes;  ///< or, if there are none,
    uint64_t begin = 0, end = 0;
  };
  std::filesystem::path path_;
  std::vector<Piece> pieces_;
};

}  // namespace imaging
