#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace checkpoints {

/// best.json: which checkpoint of a run is its best. Each change reaches the disk in one step.
class BestMark {
 public:
  explicit BestMark(const std::filesystem::path& folder) : path_(folder / "best.json") {}

  /// None if there never was one. Throws Error(corrupt), Error(io).
  std::optional<int64_t> step() const;

  /// Throws Error(io), as `remove`.
  void set(int64_t step) const;
  void remove() const;

 private:
  std::filesystem::path path_;
};

}  // namespace checkpoints
