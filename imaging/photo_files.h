#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
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

/// What a folder and all below it hold.
struct FolderListing {
  std::vector<PhotoFile> photos;  ///< sorted by the bytes of their names
  /// Folders that cannot be looked through, each with a sentence that says why.
  std::vector<std::pair<std::filesystem::path, std::string>> unreadable;
  std::map<std::string, int64_t> left_out;  ///< other files, by kind: "HEIC", "PDF"

  /// "2 HEIC, 1 PDF"; empty if nothing was left out.
  std::string left_out_text() const;
};

/// The JPEG, PNG, TIFF and WebP files of a folder and all below it: by suffix, those without one by
/// their bytes. Links to files are followed, links to folders are not: they may lead back. Hidden
/// files and folders are passed over, and what systems and servers leave on their disks: bins,
/// thumbnails, forks. The log names unreadable folders and counts what is left out.
/// Throws Error(usage) if there is no such folder.
FolderListing list_folder(const std::filesystem::path& folder);

/// Throws Error(usage): the folder holds no picture, but what was left out.
[[noreturn]] void refuse_empty(const std::filesystem::path& folder, const FolderListing& listing);

/// The photographs of list_folder. Throws also Error(usage) if there is none.
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
