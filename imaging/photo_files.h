#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace imaging {

/// A photograph on disk. `name` is its path relative to the folder that was asked for, with
/// slashes: how lists and messages call it.
struct PhotoFile {
  std::filesystem::path path;
  std::string name;
};

/// The JPEG, PNG, TIFF and WebP files (by suffix) of a folder and all below it, sorted by the bytes
/// of their names. Links to files are followed, links to folders are not.
/// Throws Error(usage) if there is no such folder or it holds no picture.
std::vector<std::filesystem::path> list_photos(const std::filesystem::path& folder);

/// The photographs of several folders, sorted by name.
/// Throws also Error(usage) if two of them have the same name: lists could not tell them apart.
std::vector<PhotoFile> list_photo_files(const std::vector<std::filesystem::path>& folders);

/// The names that a list file holds, one a line; empty lines and comments after # are left out.
/// Throws Error(io); Error(usage) for a name that none of `photos` has: a misspelt name would
/// silently train on a photograph that was to be left out.
std::set<std::string> read_photo_list(const std::filesystem::path& list,
                                      const std::vector<PhotoFile>& photos);

}  // namespace imaging
