#include "imaging/photo_files.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cctype>
#include <iterator>
#include <sstream>

#include "common/error.h"
#include "common/files.h"
#include "imaging/file_kind.h"
#include "imaging/format.h"

namespace imaging {
namespace fs = std::filesystem;
namespace {

/// Folders of systems and servers, in lower case: bins, thumbnails, snapshots, forks.
constexpr const char* kSystemFolders[] = {"@eadir",
                                          "@recycle",
                                          "@recently-snapshot",
                                          "@sharebin",
                                          "@tmp",
                                          "@__thumb",
                                          "#recycle",
                                          "#snapshot",
                                          "__macosx",
                                          "$recycle.bin",
                                          "recycler",
                                          "recycled",
                                          "lost+found",
                                          "found.000",
                                          "system volume information",
                                          "network trash folder",
                                          "temporary items"};
constexpr const char* kSystemFiles[] = {"thumbs.db", "ehthumbs.db", "desktop.ini"};

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

/// Nothing that a person put there. Names that begin with a dot are hidden.
bool is_of_the_system(const std::string& name, bool is_folder) {
  if (name.starts_with('.')) return true;
  const auto is_name = [name = lower(name)](const char* known) { return name == known; };
  return is_folder ? std::any_of(std::begin(kSystemFolders), std::end(kSystemFolders), is_name)
                   : std::any_of(std::begin(kSystemFiles), std::end(kSystemFiles), is_name);
}

/// "HEIC" of "a.heic".
std::string kind_of(const fs::path& file) {
  constexpr size_t kMostLetters = 8;
  std::string kind = file.extension().string();
  if (kind.empty()) return "without suffix";
  kind.erase(0, 1);
  const bool is_plain =
      std::all_of(kind.begin(), kind.end(), [](unsigned char c) { return std::isalnum(c) != 0; });
  if (!is_plain || kind.empty() || kind.size() > kMostLetters) return "other";
  std::transform(kind.begin(), kind.end(), kind.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return kind == "TXT" ? "text" : kind;
}

/// One walk through a folder.
class Walk {
 public:
  FolderListing look_through(const fs::path& folder) {
    add_folder(folder, "");
    std::sort(listing_.photos.begin(), listing_.photos.end(),
              [](const PhotoFile& a, const PhotoFile& b) { return a.name < b.name; });
    return std::move(listing_);
  }

 private:
  /// `name` is the folder's below the first one, with a slash at its end.
  void add_folder(const fs::path& folder, const std::string& name) {
    std::error_code error;
    auto next = fs::directory_iterator(folder, error);
    for (; !error && next != fs::end(next); next.increment(error)) add_entry(*next, name);
    if (!error) return;
    listing_.unreadable.emplace_back(
        folder, "cannot look through " + folder.string() + ": " + error.message());
  }

  void add_entry(const fs::directory_entry& entry, const std::string& name) {
    const std::string own = entry.path().filename().string();
    std::error_code error;
    const bool is_link = entry.is_symlink(error);
    const fs::file_type type = entry.status(error).type();
    const bool is_folder = type == fs::file_type::directory;
    if (is_of_the_system(own, is_folder)) return;
    if (type == fs::file_type::none && !is_link) {
      listing_.unreadable.emplace_back(
          entry.path(), "cannot look at " + entry.path().string() + ": " + error.message());
      return;
    }
    if (is_folder && !is_link) {
      add_folder(entry.path(), name + own + "/");
    } else if (type == fs::file_type::regular && is_photo(entry.path())) {
      listing_.photos.push_back({entry.path(), name + own});
    } else {
      ++listing_.left_out[type == fs::file_type::regular ? kind_of(entry.path())
                          : !is_link                     ? "pipe or device"
                          : is_folder                    ? "link to a folder"
                                                         : "link to nothing"];
    }
  }

  static bool is_photo(const fs::path& file) {
    return is_picture_name(file) || has_module(kind_of(file)) ||
           (!file.has_extension() && format_of_bytes(file));
  }

  FolderListing listing_;
};

std::string trimmed(std::string text) {
  text.erase(text.find_last_not_of(" \t\r") + 1);
  return text.erase(0, text.find_first_not_of(" \t"));
}

}  // namespace

std::string FolderListing::left_out_text() const {
  std::string text;
  for (const auto& [kind, count] : left_out) {
    text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + kind;
  }
  return text;
}

void refuse_empty(const fs::path& folder, const FolderListing& listing) {
  const std::string left_out = listing.left_out_text();
  throw common::usage_error("no pictures in " + folder.string() +
                            ": files that end in .jpg, .jpeg, .png, .tif, .tiff or "
                            ".webp were expected, in it or below it" +
                            (left_out.empty() ? "" : "; it holds " + left_out));
}

FolderListing list_folder(const fs::path& folder) {
  std::error_code error;
  if (!fs::is_directory(folder, error)) {
    throw common::usage_error("no folder " + folder.string() + " to look for photographs in");
  }
  FolderListing listing = Walk().look_through(folder);
  for (const auto& [unreadable, why] : listing.unreadable) spdlog::warn("{}", why);
  if (!listing.left_out.empty()) {
    spdlog::info("{}: left out {}; JPEG, PNG, TIFF and WebP are read", folder.string(),
                 listing.left_out_text());
  }
  return listing;
}

std::vector<PhotoFile> list_photo_files(const std::vector<fs::path>& folders) {
  std::vector<PhotoFile> photos;
  for (const fs::path& folder : folders) {
    FolderListing listing = list_folder(folder);
    if (listing.photos.empty()) refuse_empty(folder, listing);
    std::move(listing.photos.begin(), listing.photos.end(), std::back_inserter(photos));
  }
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
