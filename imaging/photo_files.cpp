#include "imaging/photo_files.h"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <sstream>

#include "common/error.h"
#include "common/files.h"
#include "imaging/format.h"

namespace imaging {
namespace fs = std::filesystem;
using common::Error;
using common::ErrorKind;

namespace {

void add_photos(const fs::path& folder, std::vector<PhotoFile>& photos) {
  std::error_code error;
  if (!fs::is_directory(folder, error)) {
    throw common::usage_error("no folder " + folder.string() + " to look for photographs in");
  }
  const size_t before = photos.size();
  try {
    for (auto next = fs::recursive_directory_iterator(folder); next != fs::end(next); ++next) {
      const fs::directory_entry& entry = *next;
      if (entry.is_directory() && access(entry.path().c_str(), R_OK | X_OK) != 0) {
        spdlog::warn("{} may not be read: what is in it is left out", entry.path().string());
        next.disable_recursion_pending();
        continue;
      }
      if (!is_picture_name(entry.path()) || !entry.is_regular_file()) continue;
      photos.push_back({entry.path(), entry.path().lexically_relative(folder).generic_string()});
    }
  } catch (const fs::filesystem_error& failure) {
    throw Error(ErrorKind::io, "cannot look through " + folder.string() + ": " + failure.what());
  }
  if (photos.size() == before) {
    throw common::usage_error("no pictures in " + folder.string() +
                              ": files that end in .jpg, .jpeg, .png, .tif, .tiff or "
                              ".webp were expected, in it or below it");
  }
}

std::string trimmed(std::string text) {
  text.erase(text.find_last_not_of(" \t\r") + 1);
  return text.erase(0, text.find_first_not_of(" \t"));
}

}  // namespace

std::vector<PhotoFile> list_photo_files(const std::vector<fs::path>& folders) {
  std::vector<PhotoFile> photos;
  for (const fs::path& folder : folders) add_photos(folder, photos);
  std::sort(photos.begin(), photos.end(),
            [](const PhotoFile& a, const PhotoFile& b) { return a.name < b.name; });
  const auto twin =
      std::adjacent_find(photos.begin(), photos.end(),
                         [](const PhotoFile& a, const PhotoFile& b) { return a.name == b.name; });
  if (twin != photos.end()) {
    throw common::usage_error(twin->path.string() + " and " + (twin + 1)->path.string() +
                              " have the same name '" + twin->name +
                              "'; rename one, or give one folder that holds both");
  }
  return photos;
}

std::vector<fs::path> list_photos(const fs::path& folder) {
  std::vector<fs::path> paths;
  for (PhotoFile& photo : list_photo_files({folder})) paths.push_back(std::move(photo.path));
  return paths;
}

std::set<std::string> read_photo_list(const fs::path& list, const std::vector<PhotoFile>& photos) {
  std::set<std::string> known, names;
  for (const PhotoFile& photo : photos) known.insert(photo.name);
  std::string bytes = common::read_file(list);
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.erase(0, 3);  // some editors mark UTF-8 so
  std::istringstream text(bytes);
  for (std::string line; std::getline(text, line);) {
    std::string name = trimmed(line);
    // A name may hold a #, too.
    if (!known.contains(name)) name = trimmed(name.substr(0, name.find('#')));
    if (name.empty()) continue;
    if (!known.contains(name)) {
      throw common::usage_error(list.string() + ": no photograph '" + name +
                                "'; names are relative to the folder, such as '" +
                                photos.front().name + "'");
    }
    names.insert(name);
  }
  return names;
}

}  // namespace imaging
