#pragma once

#include <filesystem>
#include <string>

namespace webui {

/// The files of one photograph on the page. Every name is made of numbers of ours; each attempt to
/// restore it has a version, so that an earlier result stays whole while the next is made.
struct PhotoFolder {
  std::filesystem::path folder;

  std::filesystem::path photo() const { return folder / "photo"; }
  std::filesystem::path before() const { return folder / "before.jpg"; }
  std::filesystem::path mask(int version) const { return numbered("mask", version, ".png"); }
  std::filesystem::path restored(int version) const { return numbered("restored", version, ""); }
  std::filesystem::path after(int version) const { return numbered("after", version, ".jpg"); }
  std::filesystem::path damage(int version) const { return numbered("damage", version, ".png"); }
  /// Version 0 is of the photograph as it came.
  std::filesystem::path thumb(int version) const { return numbered("thumb", version, ".jpg"); }

  /// Deletes what belongs to one version.
  void remove(int version) const {
    std::error_code ignored;
    for (const auto& file :
         {mask(version), restored(version), after(version), damage(version), thumb(version)}) {
      std::filesystem::remove(file, ignored);
    }
  }

 private:
  std::filesystem::path numbered(const char* name, int version, const char* extension) const {
    return folder / (name + ("-" + std::to_string(version)) + extension);
  }
};

}  // namespace webui
